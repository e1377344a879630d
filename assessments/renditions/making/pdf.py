"""A PDF with nothing in it but its pages: repaired, rewritten, and unable to act.

Only pages and what they draw are taken over into a new file, so whatever acts from the
document itself (opening actions, named scripts, attachments, XFA) stays behind. What acts from
a page is taken off: annotations outside a list, and every action that is not a plain link.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import settings as pikepdf_settings

from assessments.renditions.making.attachments import names_of
from assessments.renditions.making.jpeg_notes import without_notes
from assessments.renditions.worker import UnreadableError

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 5_000
MAX_OBJECTS = 500_000

# Annotations that only draw (ISO 32000-1, table 169). The others play, fetch or carry files.
DRAWING = frozenset(
    {
        "/Link",
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Ink",
        "/Popup",
        "/Widget",
    }
)
MOVES = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
LINKS = ("http://", "https://", "mailto:")
# Keys that act, fetch or carry something, wherever they stand.
ACTING_KEYS = (
    "/AA",
    "/OpenAction",
    "/JS",
    "/XFA",
    "/EF",
    "/RF",
    "/FS",
    "/IRT",
    "/AF",
    "/PA",
    "/RichMediaContent",
    "/RichMediaSettings",
    "/Movie",
    "/Sound",
    "/MK3D",
    "/3DD",
    "/3DA",
    "/Alternates",
    "/OPI",
    "/PieceInfo",
    "/Metadata",
    "/PresSteps",
    "/SV",
    "/Lock",
)
# Of these nobody needs to be told.
SILENT_KEYS = frozenset(
    {"/Metadata", "/PieceInfo", "/Lock", "/SV", "/IRT", "/EF", "/RF", "/FS"}
)  # the files themselves are counted as attachments
# In a stream these name another file that its content would come from.
FOREIGN_CONTENT = ("/F", "/FFilter", "/FDecodeParms")
SCRIPTS = frozenset({"/JavaScript", "/Rendition"})

FLATE, JPEG = "/FlateDecode", "/DCTDecode"
# In EXIF the entry that leads to GPS, in either order of bytes (tag, type LONG, one value).
XMP_POSITION = re.compile(rb"exif:GPS", re.IGNORECASE)
GPS = (b"\x88\x25\x00\x04\x00\x00\x00\x01", b"\x25\x88\x04\x00\x01\x00\x00\x00")

pikepdf_settings.set_qpdf_limits(
    doc_max_warnings=10_000,
    flate_max_memory=256 * 1024 * 1024,
    run_length_max_memory=256 * 1024 * 1024,
    parser_max_container_size=1_000_000,
)


def make(source: Path, target: Path) -> dict[str, Any]:
    """Write the pages of `source`. Returns the media type, what was changed, what was attached."""
    with pikepdf.open(source) as original, pikepdf.new() as copy:
        if len(original.objects) > MAX_OBJECTS or len(original.pages) > MAX_PAGES:
            raise UnreadableError("more pages or objects than a paper has")
        if not len(original.pages):
            raise UnreadableError("a PDF without pages")
        changes = _left_behind(original)
        copy.pages.extend(original.pages)
        for page in copy.pages:
            changes += _quieten(page)
        for item in _dictionaries(copy):
            changes += _strip(item)
        if original.get_warnings():
            changes["repaired"] = 1
        copy.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
        attached = names_of(original)
    return {"media_type": MEDIA_TYPE, "changes": dict(changes), "attachments": attached}


def _left_behind(original: pikepdf.Pdf) -> Counter[str]:
    """What the document itself carries, and its copy will not."""
    root, found = original.Root, Counter[str]()
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        found["script"] += 1
    if attachments := len(original.attachments):
        found["attachment"] = attachments
    for holder in (root, original.trailer):
        for key in ("/OpenAction", "/AA", "/JS"):
            if key in holder:
                found[_kind_of(holder.get(key))] += 1
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        if "/XFA" in form:
            found["script"] += 1
        if int(form.get("/SigFlags", 0)) & 1:
            found["signature"] = 1
    return found


def _kind_of(action: Any) -> str:
    """Whether an opening action is a script, acts in another way, or only turns to a page."""
    if not _is_dictionary(action):
        return "opening"
    name = str(action.get("/S", ""))
    if name in SCRIPTS or "/JS" in action:
        return "script"
    return "opening" if name == "/GoTo" else "action"


def _quieten(page: pikepdf.Page) -> Counter[str]:
    """Keep the annotations that only draw."""
    taken: Counter[str] = Counter()
    annotations = page.obj.get("/Annots")
    for key in ("/B", "/AA", "/PieceInfo", "/Metadata"):
        if key in page.obj:
            taken["action"] += key == "/AA"
            del page.obj[key]
    if annotations is None:
        return taken
    kept = pikepdf.Array()
    for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
        subtype = str(annotation.get("/Subtype")) if _is_dictionary(annotation) else ""
        if subtype in DRAWING:
            kept.append(annotation)
        elif subtype == "/FileAttachment":
            taken["attachment"] += 1
        else:
            taken["action"] += 1
    page.obj["/Annots"] = kept
    return taken


def _is_dictionary(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary | pikepdf.Stream)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those inside others too, each once."""
    for item in pdf.objects:
        waiting = [item]
        while waiting:
            part = waiting.pop()
            if _is_dictionary(part):
                yield part
                children = [part.get(key) for key in list(part.keys())]
            elif isinstance(part, pikepdf.Array):
                children = list(part)
            else:
                continue
            waiting += [
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            ]


def _strip(item: pikepdf.Object) -> Counter[str]:
    """Take out what acts; a plain link to an address or a page stays."""
    taken = _without_acting_keys(item)
    if isinstance(item, pikepdf.Stream):
        taken += _without_foreign_content(item)
        taken += _without_notes(item)
    taken += _without_actions(item)
    # A description of an action that nothing refers to any more still should not stand there.
    if str(item.get("/Type")) == "/Action" and not _is_harmless(item):
        for key in set(item.keys()) - {"/Type"}:
            del item[key]
        item["/S"] = pikepdf.Name("/Named")
        item["/N"] = pikepdf.Name("/FirstPage")
    return taken


def _without_acting_keys(item: pikepdf.Object) -> Counter[str]:
    taken: Counter[str] = Counter()
    for key in ACTING_KEYS:
        if key in item:
            del item[key]
            if key not in SILENT_KEYS:
                taken["script" if key in ("/JS", "/XFA") else "action"] += 1
    return taken


def _without_foreign_content(stream: pikepdf.Stream) -> Counter[str]:
    """Nothing drawn comes from another file, and nothing is PostScript."""
    taken: Counter[str] = Counter()
    for key in (*FOREIGN_CONTENT, "/Ref"):
        if key in stream:
            taken["action"] += 1
            del stream[key]
    if str(stream.get("/Subtype")) == "/PS":
        taken["action"] += 1
        stream["/Subtype"] = pikepdf.Name("/Form")
    return taken


def _without_notes(stream: pikepdf.Stream) -> Counter[str]:
    """A photograph placed on a page tells no more where it was taken."""
    names, data = _jpeg_in(stream)
    plain = without_notes(data)
    if plain == data:
        return Counter()
    parameters = stream.get("/DecodeParms") if len(names) == 1 else None
    stream.write(plain, filter=pikepdf.Name(JPEG), decode_parms=parameters)
    return Counter(position=1) if tells_position(data) else Counter()


def _jpeg_in(stream: pikepdf.Stream) -> tuple[list[str], bytes]:
    """How a stream is packed, and the JPEG in it; empty where it holds none that can be read."""
    filters = stream.get("/Filter")
    names = (
        [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    )
    if names not in ([JPEG], [FLATE, JPEG]):
        return names, b""
    data = stream.read_raw_bytes()
    if names[0] == FLATE:  # some writers pack what is packed already
        try:
            data = zlib.decompress(data)
        except zlib.error:
            return names, b""  # nothing of it can be read, by anybody
    return names, data


def tells_position(data: bytes) -> bool:
    """Whether the notes of a JPEG lead to where it was taken; a decoder is not asked."""
    if without_notes(data) == data:
        return False
    return any(mark in data for mark in GPS) or XMP_POSITION.search(data) is not None


def holds_position(original: pikepdf.Pdf) -> bool:
    """Whether any photograph on its pages tells where it was taken."""
    streams = (item for item in original.objects if isinstance(item, pikepdf.Stream))
    return any(tells_position(_jpeg_in(stream)[1]) for stream in streams)


def _without_actions(item: pikepdf.Object) -> Counter[str]:
    taken: Counter[str] = Counter()
    for key in ("/A", "/Next"):
        action = item.get(key)
        # Several at once are allowed only for /Next; whatever a reader makes of others goes too.
        if isinstance(action, pikepdf.Array) and any(_acts(part) for part in action):
            taken["action"] += 1
            del item[key]
        elif _acts(action):
            taken[_kind_of(action)] += 1
            del item[key]
    return taken


def _acts(action: Any) -> bool:
    return _is_dictionary(action) and "/S" in action and not _is_harmless(action)


def _is_harmless(action: pikepdf.Object) -> bool:
    name = str(action.get("/S"))
    if name == "/URI":
        address = str(action.get("/URI", "")).strip().lower()
        return address.startswith(LINKS)
    if name == "/Named":
        return str(action.get("/N")) in MOVES
    return name == "/GoTo"
