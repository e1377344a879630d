"""PDF: whole, readable without a password; what could act in it is found and told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pikepdf import settings as pikepdf_settings

from assessments.filetypes.findings import FileFinding
from assessments.filetypes.inspected import CHUNK, InspectedFile
from assessments.filetypes.kinds import PDF, Content
from assessments.filetypes.signs import MARKUP, hides_zip

HEADER = re.compile(rb"%PDF-[12]\.\d")
END = b"%%EOF"
PADDING = b"\x00\r\n\t \x1a"
END_WITHIN = 1024  # readers look for the end mark no further from the end of the file
MAX_OBJECTS = 500_000
MAX_OBJECT_BYTES = 64 * 1024 * 1024

# A few kilobytes can unpack to gigabytes.
LIMITS = {
    "doc_max_warnings": 1_000,
    "flate_max_memory": 32 * 1024 * 1024,
    "run_length_max_memory": 32 * 1024 * 1024,
    "parser_max_container_size": 1_000_000,
}

# Worth a closer look; qpdf has already undone spellings such as /J#61vaScript. What an action
# is may stand in another object, so a reference in that place is worth a look as well.
SUSPICIOUS = re.compile(
    rb"/(?:JS|JavaScript|Launch|ImportData|SubmitForm|GoTo[RE]|GoTo3DView|Movie|Sound|Rendition"
    rb"|RichMedia\w*|Screen|3D|EF|EmbeddedFile|XFA|OpenAction|AA|ByteRange)\b"
    rb"|/(?:S|Type|Subtype) \d+ \d+ R"
)
ACTIONS = frozenset(
    {
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToR",
        "/GoToE",
        "/GoTo3DView",
        "/Movie",
        "/Sound",
        "/Rendition",
        "/RichMediaExecute",
    }
)
PLAYING = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
# What form designers write for numbers, dates and sums: Acrobat's own AF functions, handed
# nothing but plain values. Each piece gives nothing back, so the search ends in linear time.
VALUE = r"""(?:"[^"\\]*+"|'[^'\\]*+'|-?\d++(?:\.\d++)?|true|false)"""
VALUES = rf"(?:{VALUE}\s*+(?:,\s*+{VALUE}\s*+)*+)?+"
LIST = rf"new\s++Array\s*+\(\s*+{VALUES}\)"
ARGUMENT = rf"(?:{VALUE}|{LIST})"
NUMBER_SCRIPT = re.compile(
    r"\s*+(?:AF(?:Number|Date|Time|Percent|Special|Simple|Range)\w*+\s*+"
    rf"\(\s*+(?:{ARGUMENT}\s*+(?:,\s*+{ARGUMENT}\s*+)*+)?+\)\s*+(?:;\s*+)*+)++"
)
MAX_SCRIPT = 64 * 1024
MAX_CHAIN = 100  # actions that follow one another
# What qpdf and its bindings are known to raise on damaged objects.
PARSER_ERRORS = (
    pikepdf.PdfError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
)


def inspect_pdf(file: InspectedFile) -> Content:
    """A PDF that readers can open. What could act in it is counted, for pages never show it."""
    pikepdf_settings.set_qpdf_limits(**LIMITS)  # of the whole process, so set anew each time
    start = _start(file)
    _refuse_second_nature(file, start)
    try:
        with pikepdf.open(file.stream, access_mode=pikepdf.AccessMode.stream) as pdf:
            findings = _inspect_content(file, pdf)
            warnings = [str(warning) for warning in pdf.get_warnings()]
    except pikepdf.PasswordError as error:
        raise file.refusal(
            "encrypted",
            _(
                "Berkas “%(name)s” (%(size)s) adalah PDF yang terkunci kata sandi. "
                "Minta berkas tanpa kata sandi kepada pembuatnya, lalu unggah kembali."
            ),
        ) from error
    except PARSER_ERRORS as error:
        raise _broken(file) from error
    if any("limit exceeded" in warning for warning in warnings):
        raise _too_big_inside(file)
    if start or warnings:
        findings[FileFinding.REPAIRED] += 1
    return Content(PDF, {str(finding.value): count for finding, count in findings.items()})


def _start(file: InspectedFile) -> int:
    """Where the PDF begins; scanners and mail programs put a few bytes before it."""
    found = HEADER.search(file.head())
    if found is None:
        raise _broken(file)
    return found.start()


def _refuse_second_nature(file: InspectedFile, start: int) -> None:
    """Refuse what is a PDF to one program and a web page or an archive to another."""
    end = _end_of_content(file)
    tail = file.read_at(max(0, end - END_WITHIN), min(END_WITHIN, end))
    _before, mark, after_end = tail.rpartition(END)
    if (
        MARKUP.search(file.read_at(0, start))
        or MARKUP.search(after_end if mark else tail)
        or hides_zip(file)
    ):
        raise file.refusal(
            "active_content",
            _(
                "Berkas “%(name)s” (%(size)s) berawalan PDF, tetapi membawa halaman web atau "
                "arsip di dalamnya. Minta berkas aslinya kepada pembuatnya, lalu unggah kembali."
            ),
        )
    if not mark:  # a file that lost its end lost pages, too
        raise _broken(file)


def _end_of_content(file: InspectedFile) -> int:
    """Where the padding begins that some programs write behind a file."""
    end = file.size
    while end:
        start = max(0, end - CHUNK)
        kept = file.read_at(start, end - start).rstrip(PADDING)
        if kept:
            return start + len(kept)
        end = start
    return 0


def _inspect_content(file: InspectedFile, pdf: pikepdf.Pdf) -> Counter[FileFinding]:
    if len(pdf.objects) > MAX_OBJECTS:
        raise _too_big_inside(file)
    findings = _found_in_objects(file, pdf)
    if not len(pdf.pages):
        raise file.refusal(
            "broken",
            _(
                "Berkas “%(name)s” (%(size)s) adalah PDF tanpa halaman. "
                "Buat ulang PDF dari dokumen aslinya, lalu unggah kembali."
            ),
        )
    return findings


def _found_in_objects(file: InspectedFile, pdf: pikepdf.Pdf) -> Counter[FileFinding]:
    findings: Counter[FileFinding] = Counter()
    # The trailer is no object of its own, but some programs run what stands there.
    trailer = pikepdf.Dictionary({key: pdf.trailer[key] for key in pdf.trailer.keys()})  # noqa: SIM118
    read = 0
    for item in chain(pdf.objects, [trailer]):
        if not isinstance(item, pikepdf.Object):
            continue  # pikepdf hands out numbers and booleans as Python values
        outer = pikepdf.Dictionary(item.stream_dict) if isinstance(item, pikepdf.Stream) else item
        text = outer.unparse(resolved=True)
        read += len(text)
        if read > MAX_OBJECT_BYTES:
            raise _too_big_inside(file)
        if SUSPICIOUS.search(text):
            for part in _dictionaries(outer):
                findings.update(_found_in(part, has_script=FileFinding.SCRIPT in findings))
    return findings


def _dictionaries(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every dictionary inside one object; what it refers to comes in its own turn."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            children = [part.get(key) for key in part.keys()]  # noqa: SIM118 -- not a real dict
        elif isinstance(part, pikepdf.Array):
            children = list(part)
        else:
            continue
        waiting.extend(
            child
            for child in children
            if isinstance(child, pikepdf.Object) and not child.is_indirect
        )


def _found_in(part: pikepdf.Object, *, has_script: bool) -> Iterator[FileFinding]:
    """What one dictionary carries; values that stand in other objects are looked up.

    After a first script (`has_script`) no stream is unpacked any more to see whether it is one
    for numbers: thousands of them, each of some megabytes, would hold the worker.
    """
    if "/JS" in part:
        script = part.get("/JS")
        is_number = not (has_script and isinstance(script, pikepdf.Stream)) and _is_number_script(
            script
        )
        yield FileFinding.NUMBER_SCRIPT if is_number else FileFinding.SCRIPT
    elif str(part.get("/S")) == "/JavaScript" or "/XFA" in part:
        yield FileFinding.SCRIPT
    if str(part.get("/S")) in ACTIONS or str(part.get("/Subtype")) in PLAYING:
        yield FileFinding.ACTION
    if any(_opens_address(part.get(key)) for key in ("/OpenAction", "/AA")):
        yield FileFinding.ACTION
    if "/EF" in part:
        yield FileFinding.ATTACHMENT
    if "/ByteRange" in part and "/Contents" in part:
        yield FileFinding.SIGNED


def _is_number_script(script: object) -> bool:
    if isinstance(script, pikepdf.Stream):
        if len(script.get_raw_stream_buffer()) > MAX_SCRIPT:
            return False
        text = bytes(script.read_bytes()).decode("latin-1")
    else:
        text = str(script)
    return len(text) <= MAX_SCRIPT and NUMBER_SCRIPT.fullmatch(text) is not None


def _opens_address(action: object) -> bool:
    """Whether opening the document, or turning a page, asks for an address by itself."""
    if not isinstance(action, pikepdf.Dictionary):
        return False
    waiting = [action, *(action.get(key) for key in action.keys())]  # noqa: SIM118
    for _step in range(MAX_CHAIN):
        if not waiting:
            return False
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting.extend(one)
        elif isinstance(one, pikepdf.Dictionary):
            if str(one.get("/S")) == "/URI":
                return True
            waiting.append(one.get("/Next"))
    return True  # nobody writes so long a chain by hand


def _broken(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "broken",
        _(
            "Berkas “%(name)s” (%(size)s) adalah PDF yang rusak atau terpotong. "
            "Kirim ulang dari pengirimnya, atau unduh lagi sampai selesai, lalu unggah kembali."
        ),
    )


def _too_big_inside(file: InspectedFile) -> ValidationError:
    return file.refusal(
        "too_big_inside",
        _(
            "Berkas “%(name)s” (%(size)s) adalah PDF yang mengembang terlalu besar saat dibuka. "
            "Cetak ke PDF baru atau bagi menjadi beberapa berkas, lalu unggah kembali."
        ),
    )
