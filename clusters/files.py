"""Recognises an instrument file, YAML or XLSX, by its content."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from clusters.library import InstrumentError, read_document
from clusters.plain_yaml import UnreadableError, read_plain
from clusters.sheets import Reading, read_sheets
from texts.folding import composed
from workbooks import reading
from workbooks.packages import OLD_OFFICE, ZIP_SIGNATURE

MAX_TEXT_BYTES = 1_000_000


class FileError(Exception):
    """A file that is not taken, with every reason why, each with its place."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


def read_file(content: bytes, name: str, *, leaving: Collection[str] = ()) -> Reading:
    """The instrument in a file; faults among `leaving` are let pass. Raises FileError."""
    try:
        if content.startswith((ZIP_SIGNATURE, OLD_OFFICE)):
            return read_sheets(content, name, leaving=leaving)
        return _read_text(content, leaving=leaving)
    except (InstrumentError, reading.UnreadableError) as error:
        raise FileError(*map(str, error.faults)) from error
    except UnreadableError as error:
        raise FileError(str(error.fault)) from error


def _read_text(content: bytes, *, leaving: Collection[str]) -> Reading:
    if len(content) > MAX_TEXT_BYTES:
        raise FileError(_("Berkas terlalu besar untuk sebuah instrumen."))
    try:
        text = composed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = _("Berkas ini bukan YAML dalam UTF-8 dan bukan XLSX.")
        raise FileError(message) from error
    document, faults = read_plain(text)
    spec = read_document(document, faults, leaving=leaving)
    exported = document.get("exported", "") if isinstance(document, dict) else ""
    return Reading(spec, str(exported))
