"""How static files are found and named: chosen files of npm packages, names with a hash of the content."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import Storage
from whitenoise.storage import (  # type: ignore[import-untyped]  # whitenoise carries no types
    CompressedManifestStaticFilesStorage,
)


class FrontendFinder(FileSystemFinder):
    """Finds in STATICFILES_DIRS only the files that settings.FRONTEND lists."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Each listed file with the storage of its folder; a missing one is an error of collectstatic."""
        for _prefix, root in self.locations:
            for path in settings.FRONTEND:
                yield path, self.storages[root]

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        """The file's place on disk, None for a file that the list leaves out."""
        listed = path.removeprefix(f"{prefix}/") if prefix else path
        return super().find_location(root, path, prefix) if listed in settings.FRONTEND else None


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed files; the relative imports of JavaScript modules are rewritten too."""

    support_js_module_import_aggregation = True
