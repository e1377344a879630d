"""Where static files come from: our own tree, its style sheets joined, and node_modules."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, FileSystemFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage

from kla.styles import build, styles_and_font

PREFIX = "vendor"


class SheetFinder(FileSystemFinder):
    """Finds the files of `static/`, with STYLE_SHEET as `kla.styles` makes it, and its font.

    Each sheet that it imports can be found, but is not collected: no page asks for it.
    """

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        made = set(styles_and_font())
        if path not in made:
            return super().find_location(root, path, prefix)
        source = super().find_location(root, settings.STYLE_SHEET, prefix)
        return str(build(source) / path) if source else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path, storage in super().list(ignore_patterns):
            if path == settings.STYLE_SHEET:
                made = FileSystemStorage(location=build(storage.path(path)))
                yield from ((name, made) for name in styles_and_font())
            elif path in settings.STYLE_SHEETS_APART or not path.endswith(".css"):
                yield path, storage


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
            Error(f"{file} is missing from node_modules.", hint="Run: npm ci", id="kla.E002")
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
