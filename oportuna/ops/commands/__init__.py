"""The commands of the administrator, a module each.

A module has `register(subparsers)`, which adds its parser with `set_defaults(run=run)`, and `run(args) -> int`, the exit
status. What the domain refuses it raises; `oportuna.cli` says it in one line.
"""
