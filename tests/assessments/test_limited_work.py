"""The limited process: bombs end in it, and what comes out of it can do nothing."""

import io
import json
import resource
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pikepdf
import pillow_heif
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageOps

from assessments.renditions import limited
from assessments.renditions.limited import Limits, UnshowableError, WorkFailedError, run
from tests.assessments import corpus

pillow_heif.register_heif_opener()

MEBIBYTE = 1024 * 1024
USUAL = Limits(memory=1536 * MEBIBYTE, seconds=60, output=200 * MEBIBYTE)
OUTSIDE = """
import json, resource, sys
from pathlib import Path
from assessments.renditions.limited import Limits, WorkFailedError, run
task, source, target, *limits = json.loads(sys.argv[1])
try:
    told = run(task, Path(source), Path(target), limits=Limits(*limits)).media_type
except WorkFailedError as error:
    told = type(error).__name__
# Of itself not by getrusage, which carries over the peak of whoever started this.
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([told, int(own.split()[1]), child]))
"""


@pytest.fixture
def make(tmp_path):
    """Do a task on some bytes; returns what the process told and what it wrote."""

    def made(task, content, limits=USUAL, **options):
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        result = run(task, source, target, limits=limits, **options)
        return result, target.read_bytes()

    return made


@pytest.fixture
def peaks(tmp_path):
    """Do a task from a parent of its own. Returns the outcome, then both peaks in mebibytes."""

    def measured(task, content, limits=USUAL):
        source = tmp_path / "source"
        source.write_bytes(content)
        order = [task, str(source), str(tmp_path / "target")]
        order += [limits.memory, limits.seconds, limits.output]
        told = subprocess.run(
            [sys.executable, "-c", OUTSIDE, json.dumps(order)],
            capture_output=True,
            check=True,
            cwd=limited.ROOT,
        )
        outcome, parent, child = json.loads(told.stdout)
        return outcome, parent / 1024, child / 1024

    return measured


# --- Bombs ------------------------------------------------------------------------------------


def content_bomb(megabytes):
    """A page whose drawing is megabytes of spaces, packed a thousand to one."""

    def change(document):
        packed = zlib.compress(b" " * (megabytes << 20), 9)
        stream = pikepdf.Stream(document, packed)
        stream.write(packed, filter=Name.FlateDecode)
        document.pages[0].Contents = stream

    return corpus.pdf(1, change)


def many_objects(count):
    def change(document):
        document.Root.Many = Array([document.make_indirect(Dictionary()) for _ in range(count)])

    return corpus.pdf(1, change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def filled(kind, size, mode="RGB", **save):
    out = io.BytesIO()
    Image.new(mode, size, None if mode == "P" else 200).save(out, kind, **save)
    return out.getvalue()


BOMBS = {
    "objects that unpack to 512 MB": ("pdf", lambda: corpus.pdf_object_bomb(512)),
    "a page that unpacks to 512 MB": ("pdf", lambda: content_bomb(512)),
    "more objects than a paper has": ("pdf", lambda: many_objects(600_000)),
    "a picture that claims 900 megapixels": ("picture", lambda: corpus.png_of_size(30_000, 30_000)),
    "a photo that claims 900 megapixels": ("picture", lambda: corpus.jpeg_of_size(30_000, 30_000)),
    "an office file that unpacks to 100 MB": ("picture", corpus.zip_bomb),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_within_its_limits_and_its_parent_stays_small(bomb, peaks):
    task, build = BOMBS[bomb]
    limits = Limits(memory=700 * MEBIBYTE, seconds=40, output=20 * MEBIBYTE)
    before = time.monotonic()

    _outcome, parent, child = peaks(task, build(), limits)

    assert parent < 64
    assert child < 700
    assert time.monotonic() - before < 45


@pytest.mark.parametrize(
    ("kind", "mode", "save"),
    [("JPEG", "RGB", {"progressive": True}), ("PNG", "RGB", {}), ("PNG", "P", {})],
)
def test_a_hundred_megapixels_fit(kind, mode, save, peaks):
    outcome, parent, child = peaks("picture", filled(kind, (12_000, 8_300), mode, **save))

    assert outcome == "image/jpeg"
    assert parent < 64
    assert child < 1024


def test_work_that_needs_more_memory_than_it_gets_ends_alone(make):
    tight = Limits(memory=256 * MEBIBYTE, seconds=30, output=MEBIBYTE)

    with pytest.raises(UnshowableError, match="memory"):
        make("picture", filled("PNG", (10_000, 10_000)), tight)


def test_work_that_writes_more_than_it_may_ends_alone(make):
    tight = Limits(memory=USUAL.memory, seconds=30, output=1_000)

    with pytest.raises(WorkFailedError):
        make("text", b"panjang " * 1_000, tight)


def test_work_that_lasts_too_long_ends_with_all_that_it_started(tmp_path):
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/started\nsleep 600 & sleep 600\n")
    program.chmod(0o755)
    source = tmp_path / "source"
    source.write_bytes(b"surat")
    limits = Limits(memory=USUAL.memory, seconds=2, output=MEBIBYTE)

    with pytest.raises(WorkFailedError, match="2 seconds"):
        run(
            "office",
            source,
            tmp_path / "target",
            limits=limits,
            program=str(program),
            extension="docx",
        )

    started = int((tmp_path / "started").read_text())
    patience = time.monotonic() + 10
    while _is_running(started) and time.monotonic() < patience:
        pass  # the kernel ends a killed process when it next comes to it
    assert not _is_running(started)


def _is_running(process):
    """False for a zombie as well, which only waits for its parent to take notice."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def test_the_process_sees_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\nexit 1\n")
    program.chmod(0o755)
    (tmp_path / "source").write_bytes(b"surat")
    options = {"program": str(program), "extension": "odt"}

    with pytest.raises(UnshowableError):
        run("office", tmp_path / "source", tmp_path / "target", limits=USUAL, **options)

    names = {line.partition("=")[0] for line in (tmp_path / "seen").read_text().splitlines()}
    ours = {"PATH", "LANG", "HOME", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} <= ours


def test_what_the_process_says_is_kept_short(make):
    noisy = corpus.pdf(1, lambda document: _attach(document, 300, "x" * 5_000))

    result, _written = make("pdf", noisy)

    assert len(result.attachments) == 100
    assert {len(name) for name in result.attachments} == {120}


def _attach(document, count, name):
    for number in range(count):
        document.attachments[f"{number:04d}{name}.csv"] = b"a"


def test_only_known_tasks_are_done(tmp_path):
    (tmp_path / "source").write_bytes(b"")

    with pytest.raises(WorkFailedError, match="KeyError"):
        run("os", tmp_path / "source", tmp_path / "target", limits=USUAL)


def test_the_limits_are_those_of_the_process_alone(make):
    before = resource.getrlimit(resource.RLIMIT_AS)

    make("text", b"surat")

    assert resource.getrlimit(resource.RLIMIT_AS) == before


# --- Nothing that acts ------------------------------------------------------------------------

ACTING = {
    "/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA", "/EmbeddedFiles", "/EmbeddedFile",
    "/EF", "/RF", "/AF", "/XFA", "/RichMedia", "/RichMediaContent", "/Movie", "/Sound", "/Screen",
    "/3D", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/FileAttachment",
    "/Names", "/PA", "/Ref", "/ResetForm", "/Hide", "/Thread", "/SetOCGState",
}  # fmt: skip


def annotation(**entries):
    def change(document):
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        document.pages[0].Annots = Array([document.make_indirect(note)])

    return change


def link(**entries):
    return annotation(Subtype=Name.Link, A=Dictionary(**entries))


def indirect_kind(document):
    """The name of the action stands in an object of its own."""
    kind = document.make_indirect(Name.Launch)
    link(S=kind, F=String("cmd.exe"))(document)


def number_format(document):
    script = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"AFNumber_Format(2)"))
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("jumlah"),
            Rect=Array([0, 0, 99, 20]),
            AA=Dictionary(F=script),
        )
    )
    document.pages[0].Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]), CO=Array([field]))


def outline_that_starts(document):
    item = document.make_indirect(
        Dictionary(Title=String("a"), A=Dictionary(S=Name.Launch, F=String("cmd.exe")))
    )
    document.Root.Outlines = Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1)


def attachment_behind_a_note(document):
    """A note that answers an annotation which no page shows, with files in it."""
    files = Dictionary(F=Array([String("a"), document.make_stream(b"MZ", Type=Name.EmbeddedFile)]))
    spec = Dictionary(Type=Name.Filespec, F=String("a.exe"), RF=files, EF=Dictionary(F=files.F[1]))
    hidden = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=spec, Rect=Array([0, 0, 9, 9]))
    )
    annotation(Subtype=Name.Text, IRT=hidden)(document)


def script_in_the_trailer(document):
    document.trailer.JS = String("app.alert(1)")
    document.trailer.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def drawing_from_elsewhere(document):
    reference = Dictionary(F=String("\\\\host\\a.pdf"), Page=0)
    form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, Ref=reference)
    form.BBox = Array([0, 0, 9, 9])
    document.pages[0].Contents = document.make_stream(b"/X Do")
    document.pages[0].Resources = Dictionary(XObject=Dictionary(X=form))


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("1"))
TRICKS = {
    "action whose kind is elsewhere": corpus.pdf(1, indirect_kind),
    "remote go-to": corpus.pdf(1, link(S=Name.GoToR, F=String("\\\\host\\a"), D=String("a"))),
    "embedded go-to": corpus.pdf(1, link(S=Name.GoToE, D=String("a"))),
    "submit": corpus.pdf(1, link(S=Name.SubmitForm, F=String("https://example.org/"))),
    "import": corpus.pdf(1, link(S=Name.ImportData, F=String("a.fdf"))),
    "address of a script": corpus.pdf(1, link(S=Name.URI, URI=String("javascript:alert(1)"))),
    "address of a share": corpus.pdf(1, link(S=Name.URI, URI=String("file://host/a"))),
    "address on opening": corpus.pdf(1, corpus.action(S=Name.URI, URI=String("https://a.id/"))),
    "second action": corpus.pdf(1, link(S=Name.GoTo, D=String("a"), Next=SCRIPT)),
    "several second actions": corpus.pdf(1, link(S=Name.GoTo, D=String("a"), Next=Array([SCRIPT]))),
    "list of actions": corpus.pdf(1, annotation(Subtype=Name.Link, A=Array([SCRIPT]))),
    "address before a click": corpus.pdf(
        1, annotation(Subtype=Name.Link, PA=Dictionary(S=Name.URI, URI=String("file:///a")))
    ),
    "sound": corpus.pdf(1, annotation(Subtype=Name.Sound)),
    "screen": corpus.pdf(1, annotation(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition))),
    "movie": corpus.pdf(1, annotation(Subtype=Name.Movie, A=True)),
    "3D": corpus.pdf(1, annotation(Subtype=Name("/3D"))),
    "attachment behind a note": corpus.pdf(1, attachment_behind_a_note),
    "script of a number": corpus.pdf(1, number_format),
    "outline": corpus.pdf(1, outline_that_starts),
    "trailer": corpus.pdf(1, script_in_the_trailer),
    "drawing from elsewhere": corpus.pdf(1, drawing_from_elsewhere),
}
PAPERS = {
    **{name: content for name, (content, *_rest) in corpus.GOOD.items()},
    **{f"jahat {name}": content for name, (content, _code) in corpus.HOSTILE.items()},
    **{f"jahat {name}": content for name, (content, *_rest) in corpus.FOUND.items()},
    **TRICKS,
}


def acting_in(content):
    """What another reader of PDF finds in it that could act: keys, kinds and foreign addresses."""
    found, seen, waiting = set(), set(), [pypdf.PdfReader(io.BytesIO(content)).trailer]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pypdf.generic.IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, dict):
            found |= ACTING & set(item)
            address = str(item.get("/URI", "https://"))
            found |= set() if address.startswith(("https://", "http://", "mailto:")) else {address}
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, pypdf.generic.NameObject):
            found |= ACTING & {str(item)}
    return found


@pytest.mark.parametrize("trick", TRICKS)
def test_the_scan_itself_sees_the_trick(trick):
    assert acting_in(TRICKS[trick]) != set()


@pytest.mark.parametrize("paper", PAPERS)
def test_whatever_a_paper_holds_its_rendition_cannot_act(paper, make):
    """Each through every maker: what a file calls itself is no protection."""
    for task in ("pdf", "picture", "text"):
        try:
            result, written = make(task, PAPERS[paper])
        except WorkFailedError:
            continue
        if result.media_type == "application/pdf":
            assert acting_in(written) == set()
            assert corpus.EICAR not in written
        elif result.media_type == "text/plain":
            assert {one for one in written.decode() if not one.isprintable()} <= {"\n", "\t"}
        else:
            with Image.open(io.BytesIO(written), formats=["JPEG", "PNG"]) as picture:
                picture.load()
                assert dict(picture.getexif()) == {}
                assert Image.MIME[picture.format] == result.media_type
                assert max(picture.size) <= 2_400
                assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert b"<script" not in written


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_still_has_its_page_afterwards(trick, make):
    _result, written = make("pdf", TRICKS[trick])

    assert len(pypdf.PdfReader(io.BytesIO(written)).pages) == 1


def test_a_plain_link_stays_a_link(make):
    _result, written = make("pdf", corpus.pdf(1, corpus.plain_form))

    [note] = pypdf.PdfReader(io.BytesIO(written)).pages[0]["/Annots"]
    assert note.get_object()["/A"]["/URI"] == "https://example.org/"


@pytest.mark.parametrize(
    ("paper", "changes"),
    [
        ("laporan.pdf", {}),
        ("jahat skrip.pdf", {"script": 1}),
        ("jahat perintah.pdf", {"action": 1}),
        ("jahat lampiran.pdf", {"attachment": 1}),
        ("jahat potong.pdf", {"repaired": 1}),
        ("attachment behind a note", {}),
    ],
)
def test_what_was_changed_is_told(paper, changes, make):
    result, _written = make("pdf", PAPERS[paper])

    assert result.changes == changes


# --- Pictures and texts -----------------------------------------------------------------------


def photo(orientation=1, size=(60, 40), position=True):
    exif = Image.Exif()
    exif[0x0112] = orientation
    if position:
        exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    out = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_stands_upright_small_and_without_its_position(make):
    result, written = make("picture", photo(orientation=6, size=(4_000, 3_000)))

    with Image.open(io.BytesIO(written)) as picture:
        assert picture.size == (1_800, 2_400)
        assert picture.getexif().get_ifd(0x8825) == {}
    assert result.changes == {"position": 1, "turned": 1, "reduced": 1}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_a_phone_is_turned_right(orientation, make):
    """The dots lie as Pillow itself would turn them."""
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("red", (0, 0, 20, 10))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "PNG", exif=exif)
    with Image.open(out) as told:
        turn = ImageOps.exif_transpose(told)

    _result, written = make("picture", out.getvalue())

    with Image.open(io.BytesIO(written)) as shown:
        red = [(x, y) for x in (5, -6) for y in (5, -6) if _is_red(shown, x, y)]
        assert shown.size == turn.size
        assert red == [(x, y) for x in (5, -6) for y in (5, -6) if _is_red(turn, x, y)]


def _is_red(picture, x, y):
    red, green, _blue = picture.getpixel((x % picture.width, y % picture.height))
    return red > 200 and green < 100


@pytest.mark.parametrize(
    ("kind", "mode", "shown"),
    [
        ("GIF", "P", "image/jpeg"),
        ("BMP", "RGB", "image/jpeg"),
        ("TIFF", "1", "image/jpeg"),
        ("TIFF", "CMYK", "image/jpeg"),
        ("PNG", "I;16", "image/jpeg"),
        ("PNG", "LA", "image/png"),
        ("HEIF", "RGB", "image/jpeg"),
    ],
)
def test_every_kind_of_picture_is_shown(kind, mode, shown, make):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, kind)

    result, written = make("picture", out.getvalue())

    with Image.open(io.BytesIO(written)) as picture:
        assert (result.media_type, picture.size) == (shown, (30, 20))


def test_a_damaged_note_of_the_camera_is_dropped_and_the_photo_shown(make):
    result, _written = make("picture", corpus.GOOD["tembus.webp"][0])

    assert result.changes == {"position": 1}


def test_of_several_pages_the_first_is_shown_and_their_number_told(make):
    pages = [Image.new("L", (9, 9), shade) for shade in (0, 100, 200)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])

    result, _written = make("picture", out.getvalue())

    assert result.changes == {"first_of": 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_every_usual_encoding_is_read(encoding, make):
    result, written = make("text", "Kafé;nilai\r\n1;2\r\n".encode(encoding))

    assert (result.media_type, written.decode()) == ("text/plain", "Kafé;nilai\n1;2\n")


def test_an_attachment_comes_out_as_it_went_in(make):
    _result, written = make("attachment", corpus.pdf(1, corpus.attachment), position=0)

    assert written == b"isi lampiran"


def test_an_attachment_that_is_not_there_is_told(make):
    with pytest.raises(UnshowableError, match="only 1 attachments"):
        make("attachment", corpus.pdf(1, corpus.attachment), position=1)
