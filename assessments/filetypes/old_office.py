"""DOC, XLS, PPT and RTF: without macros, programs or anything that starts another one."""

from __future__ import annotations

import re
import struct

import olefile
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from oletools import rtfobj

from assessments.filetypes.archives import broken
from assessments.filetypes.inspected import InspectedFile
from assessments.filetypes.kinds import ALLOWED_LABELS, DOC, PPT, RTF, XLS, Content, Kind
from assessments.filetypes.signs import occurs

COMPOUND_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream that makes a compound file the document of one program.
MAIN_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)
MAX_STREAMS = 5_000
# Where the programs keep macros, by the name of a storage or stream.
MACRO_STORAGES = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "xlm macros"})
# An attached file of any kind, which a double click would run.
NATIVE_OBJECT = "\x01ole10native"
ENCRYPTED_STREAMS = frozenset({"encryptedpackage", "encryption", "encryptedsummary"})
DOC_FLAGS_AT, DOC_ENCRYPTED = 10, 0x0100  # [MS-DOC] 2.5.2, fEncrypted
XLS_FILEPASS, XLS_SHEET, XLS_MACRO_SHEET, XLS_END = 0x2F, 0x85, 1, 0x0A  # [MS-XLS] 2.3
# [MS-PPT] 2.4.10: the atom that says whether the presentation has macros.
PPT_MACROS = re.compile(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}(.{4})", re.DOTALL)
MAX_RECORDS = 10_000
DDE = re.compile(rb"DDEAUTO|\\\*\\ddeauto|\bDDE\s", re.IGNORECASE)
# Word notes the local path of a person's own template; written any other way it hides one.
RTF_FETCHED = re.compile(rb"\\template\b\s*+(?![A-Z]:|[\w .-]+\})", re.IGNORECASE)
# What olefile is known to raise on damage.
OLE_ERRORS = (OSError, IndexError, KeyError, TypeError, ValueError, struct.error, RecursionError)


def inspect_compound(file: InspectedFile) -> Content:
    """The container of old Office files, also the wrapping of new ones with a password."""
    file.stream.seek(0)
    try:
        with olefile.OleFileIO(file.stream) as container:
            return Content(_inspect(file, container))
    except OLE_ERRORS as error:
        raise broken(file) from error
    finally:
        file.stream.seek(0)


def _inspect(file: InspectedFile, container: olefile.OleFileIO) -> Kind:
    paths = container.listdir(streams=True, storages=True)
    if len(paths) > MAX_STREAMS:
        raise broken(file)
    names = {part.lower() for path in paths for part in path}
    if names & ENCRYPTED_STREAMS:
        raise _locked(file)
    kind = next((kind for name, kind in MAIN_STREAMS if container.exists(name)), None)
    if kind is None:
        raise file.refusal(
            "not_allowed",
            _(
                "Berkas “%(name)s” (%(size)s) bukan dokumen Word, Excel, atau PowerPoint. Yang "
                "diterima: %(allowed)s. Unggah dokumen atau foto sebagai gantinya."
            ),
            allowed=ALLOWED_LABELS,
        )
    if names & MACRO_STORAGES or NATIVE_OBJECT in names or _has_macros(file, container, kind):
        raise _active(file)
    return kind


def _has_macros(file: InspectedFile, container: olefile.OleFileIO, kind: Kind) -> bool:
    """What only the main stream tells: macro sheets, macros of slides; or a password."""
    name = next(name for name, _kind in MAIN_STREAMS if container.exists(name))
    with container.openstream(name) as stream:
        content = stream.read()
    if kind is DOC:
        flags = int.from_bytes(content[DOC_FLAGS_AT : DOC_FLAGS_AT + 2], "little")
        if flags & DOC_ENCRYPTED:
            raise _locked(file)
        return DDE.search(content) is not None
    if kind is XLS:
        return _has_macro_sheet(file, content)
    return any(one.group(1) != bytes(4) for one in PPT_MACROS.finditer(content))


def _has_macro_sheet(file: InspectedFile, content: bytes) -> bool:
    """Walk the records of the workbook itself, which stand before those of its sheets."""
    position = 0
    for _step in range(MAX_RECORDS):
        if position + 4 > len(content):
            return False
        code, length = struct.unpack_from("<HH", content, position)
        if code == XLS_FILEPASS:
            raise _locked(file)
        if code == XLS_SHEET and length > 5 and content[position + 9] == XLS_MACRO_SHEET:
            return True
        if code == XLS_END:
            return False
        position += 4 + length
    return False


def inspect_rtf(file: InspectedFile) -> Content:
    """RTF is text that can carry any file in it; one that carries a file is not taken."""
    if occurs(DDE, file.chunks()) or occurs(RTF_FETCHED, file.chunks()):
        raise _active(file)
    parser = rtfobj.RtfObjParser(b"".join(file.chunks()))
    try:
        parser.parse()
    except (ValueError, IndexError, RecursionError) as error:
        raise broken(file) from error
    if parser.objects:
        raise _active(file)
    return Content(RTF)


def _locked(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "encrypted",
        _(
            "Berkas “%(name)s” (%(size)s) adalah dokumen Office yang terkunci kata sandi. "
            "Simpan tanpa kata sandi, lalu unggah kembali."
        ),
    )


def _active(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "active_content",
        _(
            "Berkas “%(name)s” (%(size)s) berisi makro atau objek tertanam. Minta versi PDF "
            "kepada pembuatnya, lalu unggah; berkas di dalamnya unggah tersendiri."
        ),
    )
