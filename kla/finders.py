"""Where static files come from: our own tree, its style sheets joined, and node_modules."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, FileSystemFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage
from lightningcss import bundle_css

PREFIX = "vendor"
ICONS = "bootstrap-icons/icons"
OF_A_PAGE = re.compile(r' (?:class|width|height|fill)="[^"]*"')
SAFE = " '/:=,()-."  # in an address within quotes


class SheetFinder(FileSystemFinder):
    """Finds the files of `static/`, with STYLE_SHEET as one file that imports nothing.

    Each sheet that it imports can be found, but is not collected: no page asks for it.
    """

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        found = super().find_location(root, path, prefix)
        return joined_sheet(found) if found and path == settings.STYLE_SHEET else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path, storage in super().list(ignore_patterns):
            if path == settings.STYLE_SHEET:
                joined_sheet(storage.path(path))
                yield path, FileSystemStorage(location=settings.STYLE_ROOT)
            elif not path.endswith(".css"):
                yield path, storage


def joined_sheet(source: str) -> str:
    """The path of what `source`, its imports and the icons are in one, renewed where they changed.

    Raises OSError where a sheet or an icon is missing, ValueError where a sheet is not CSS.
    """
    text = bundle_css(source, browsers_list=settings.STYLE_BROWSERS) + icon_rules()
    target = Path(settings.STYLE_ROOT) / settings.STYLE_SHEET
    if not target.is_file() or target.read_text() != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Put in place at once: another process may be reading it.
        with NamedTemporaryFile("w", dir=target.parent, delete=False) as file:
            file.write(text)
        Path(file.name).replace(target)
    return str(target)


def icon_rules() -> str:
    """What `base.css` draws for each icon: its shape, in the sheet itself."""
    folder = Path(settings.NPM_ROOT) / ICONS
    drawn = ((name, (folder / f"{name}.svg").read_text()) for name in settings.STYLE_ICONS)
    return "".join(f".bi-{name}{{--icon:url({_inline(svg)})}}" for name, svg in drawn)


def _inline(svg: str) -> str:
    """A drawing as an address that holds it; what only a page needs of it is left out."""
    bare = OF_A_PAGE.sub("", " ".join(svg.split())).replace('"', "'").replace("> <", "><")
    return f'"data:image/svg+xml,{quote(bare, safe=SAFE)}"'


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
