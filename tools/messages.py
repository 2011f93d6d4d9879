"""The catalogues of messages: `python tools/messages.py update [PACKAGE …] | compile | check`.

Each package has its own `locale/pt_BR/LC_MESSAGES/django.po`; English is in the code. `update` brings the catalogues in
line with the code and keeps translations; `compile` writes the .mo files; `check` fails for a message that is missing,
untranslated, unsure, or used no more.
"""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "oportuna"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
OPTIONS = {
    "**.html": {
        "extensions": "jinja2.ext.i18n, oportuna.ui.remembered.Remember",
        "trimmed": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    },
    "**.txt": {
        "extensions": "jinja2.ext.i18n, oportuna.ui.remembered.Remember",
        "trimmed": "true",
        "newstyle_gettext": "true",
        "silent": "false",
    },
}


def packages() -> Iterator[Path]:
    """The program's own folder (its top modules), then each package in it."""
    yield PROGRAM
    yield from sorted(folder.parent for folder in PROGRAM.glob("*/__init__.py"))


def catalogue_of(package: Path) -> Path:
    """Where a package keeps its Portuguese."""
    return package / "locale" / "pt_BR" / "LC_MESSAGES" / "django.po"


def messages_in(package: Path) -> Catalog:
    """Every message that the package's code and templates ask for."""
    found = Catalog(locale="pt_BR", domain="django", charset="utf-8", fuzzy=False)
    top = package == PROGRAM
    methods = (
        [("**.py", "python")]
        if top
        else [("**.py", "python"), ("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.txt", "jinja2")]
    )
    options = {"**/jinja2/**.html": OPTIONS["**.html"], "**/jinja2/**.txt": OPTIONS["**.txt"]}
    folders = (lambda _folder: False) if top else None
    for name, _line, text, comments, context in extract_from_dir(
        package, methods, options, KEYWORDS, directory_filter=folders
    ):
        found.add(
            text, None, [(str(package.relative_to(ROOT) / name), 0)], auto_comments=comments, context=context
        )
    return found


def read(path: Path) -> Catalog:
    """A catalogue as it stands, empty when there is none."""
    if not path.exists():
        return Catalog(locale="pt_BR", domain="django", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="pt_BR", domain="django")


def update(only: Collection[str] = ()) -> int:
    """Bring every catalogue, or those of some packages, in line with the code; says what is left to translate."""
    for package in packages():
        if only and package.name not in only:
            continue
        asked, path = messages_in(package), catalogue_of(package)
        if not len(asked) and not path.exists():
            continue
        kept = read(path)
        fresh = Catalog(
            locale="pt_BR", domain="django", charset="utf-8", fuzzy=False, header_comment="# Oportuna"
        )
        # Babel's plural of Portuguese says "0 aberta"; in Brazil one says "0 abertas".
        fresh.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]
        for message in asked:
            if message.id:
                before = kept.get(
                    message.id if isinstance(message.id, str) else message.id[0], message.context
                )
                fresh.add(message.id, before.string if before else None, context=message.context)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=110, omit_header=False, no_location=True, sort_output=True)
        # Dates in the header would change at every update.
        lines = path.read_text().splitlines(keepends=True)
        path.write_text(
            "".join(
                line
                for line in lines
                if not line.startswith(
                    ('"POT-Creation', '"PO-Revision', '"Last-Tr', '"Generated', '"Report', '"Language-Team')
                )
            )
        )
    return check()


def compile_all() -> int:
    """Write the .mo of every catalogue that is newer than its .mo."""
    for path in (catalogue_of(package) for package in packages()):
        compiled = path.with_suffix(".mo")
        if path.exists() and (not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime):
            with compiled.open("wb") as file:
                write_mo(file, read(path))
    return 0


def check() -> int:
    """Say every message that a catalogue lacks, leaves untranslated or unsure, or holds for nobody."""
    faults = 0
    said: dict[tuple[str, str | None], tuple[object, Path]] = {}
    for package in packages():
        path = catalogue_of(package)
        asked, kept = messages_in(package), read(path)
        where = path.relative_to(ROOT)
        keys = {(_key(message.id), message.context) for message in asked if message.id}
        have = {(_key(message.id), message.context): message for message in kept if message.id}
        problems = [f"missing: {key[0]!r}" for key in sorted(keys - set(have), key=str)]
        problems += [f"used no more: {key[0]!r}" for key in sorted(set(have) - keys, key=str)]
        for key in sorted(keys & set(have), key=str):
            string = have[key].string
            if have[key].fuzzy or not string or (not isinstance(string, str) and not all(string)):
                problems.append(f"not translated: {key[0]!r}")
        # Django reads all catalogues as one: the same words must not be said two ways.
        for key, message in have.items():
            before, place = said.setdefault(key, (message.string, where))
            if before != message.string:
                problems.append(f"{key[0]!r} is {message.string!r} here and {before!r} in {place}")
        for problem in problems:
            print(f"{where}: {problem}")
        faults += len(problems)
    return 1 if faults else 0


def _key(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


if __name__ == "__main__":
    command, names = sys.argv[1], sys.argv[2:]
    sys.exit(update(names) if command == "update" else {"compile": compile_all, "check": check}[command]())
