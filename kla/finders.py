"""Static files straight out of node_modules, from an explicit list."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage

PREFIX = "vendor"


class NpmFinder(BaseFinder):
    """Finds `vendor/<path>` for each path in NPM_FILES.

    A list, because whole packages are a thousand files that nobody asks for.
    """

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NPM_ROOT)
        self.files: list[str] = settings.NPM_FILES
        self.storage = FileSystemStorage(location=self.root)
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # read by collectstatic
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [
            Error(f"{file} is missing from node_modules.", hint="Run: npm ci", id="kla.E001")
            for file in self.files
            if not (self.root / file).is_file()
        ]

    def find(self, path: str, find_all: bool = False) -> Any:
        """The file's place on disk. A miss is [], never None: Django would wrap it in a list."""
        file = path.removeprefix(f"{PREFIX}/")
        if file == path or file not in self.files or not (self.root / file).is_file():
            return []
        found = str(self.root / file)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        patterns = list(ignore_patterns or [])
        return ((file, self.storage) for file in self.files if not matches_patterns(file, patterns))
