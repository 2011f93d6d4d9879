"""Which files of npm packages the browser gets, and where they are.

They are served as `vendor/<package>/<path>`. The list holds single files because hashing whole packages fails
on several of them; a file that names a source map is listed with it, or collecting the static files fails.
"""

from pathlib import Path

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"

FRONTEND_FILES: list[str] = [
    "@fontsource-variable/instrument-sans/files/instrument-sans-latin-ext-wght-normal.woff2",
    "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2",
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/dist/css/tabler.min.css.map",
    "echarts/dist/echarts.common.min.js",
    "htmx.org/dist/htmx.min.js",
    "sortablejs/modular/sortable.esm.js",
    "tom-select/dist/css/tom-select.default.min.css",
    "tom-select/dist/css/tom-select.default.min.css.map",
    "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select/dist/js/tom-select.complete.min.js.map",
]
