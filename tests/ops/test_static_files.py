"""Static files are collected when they have changed, and only then."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import FileSystemFinder

from oportuna.errors import Refused
from oportuna.ops.static_files import collect


class FreshFinder(FileSystemFinder):
    """Django keeps a finder for the whole process; this one reads the settings each time."""

    def list(self, ignore_patterns: Any) -> Any:
        """What a finder made now lists."""
        return FileSystemFinder().list(ignore_patterns)


@pytest.fixture
def folders(settings, tmp_path):
    """A folder of static files and the folder to which they are collected."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "page.css").write_text("p { color: red }")
    settings.STATICFILES_FINDERS = ["tests.ops.test_static_files.FreshFinder"]
    settings.STATICFILES_DIRS = [str(source)]
    settings.STATIC_ROOT = str(target)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "oportuna.ui.static_files.HashedStaticFiles"},
    }
    return source, target


def collected(target: Path) -> list[str]:
    """The style sheets in the target."""
    return sorted(path.name for path in target.glob("*.css"))


def test_the_second_start_collects_nothing(folders):
    assert (collect(), collect()) == (True, False)


def test_a_changed_file_is_collected(folders):
    source, target = folders
    collect()
    before = collected(target)

    (source / "page.css").write_text("p { color: lime }")

    assert collect() is True
    assert len(set(collected(target)) - set(before)) == 1


def test_a_reference_to_nowhere_is_refused_with_what_to_do(folders):
    source, _target = folders
    (source / "page.css").write_text("@import url('nowhere.css');")

    with pytest.raises(Refused):
        collect()
