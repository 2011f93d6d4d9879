"""The screens of imports: `wizard` leads through the five steps, `check` changes what they will do,
`undo` takes one back; `suppression` is the list of who asked not to be contacted."""
