"""Papers as officials have them: who made them, of which kind, and what is right.

Made in memory by the libraries that such programs are built on, or by the same bytes.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import openpyxl
import pikepdf
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image
from pypdf import PdfWriter
from reportlab.lib.pagesizes import A3, A4
from reportlab.pdfgen.canvas import Canvas

from tests.assessments import corpus
from tests.assessments.signing import sign

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
XLSX = corpus.OFFICE + "spreadsheetml.sheet"
DOCX = corpus.OFFICE + "wordprocessingml.document"


@dataclass(frozen=True)
class Paper:
    """One honest file with its right outcome: taken as `media_type`, with `found` in it."""

    producer: str
    name: str
    content: bytes
    media_type: str
    found: dict[str, int] = field(default_factory=dict)


# What stands in the corpus as refused and yet is honest: a person can go on by its sentence.
REFUSED = {
    "PDF with a password": ("SK terkunci.pdf", corpus.locked_pdf(user="rahasia"), "encrypted"),
    "PDF that lost its end": ("SK terpotong.pdf", corpus.pdf(30)[:-60], "broken"),
    "XLSX with a password": ("data.xlsx", corpus.compound("EncryptedPackage"), "encrypted"),
    "DOC with macros": (
        "surat.doc",
        corpus.compound("WordDocument", storages=["Macros"]),
        "active_content",
    ),
    "ZIP of photos": ("foto.zip", corpus.archive([("a.jpg", b"x")]), "not_allowed"),
}


def papers() -> list[Paper]:
    return [
        *_written(),
        *_of_pdf_tools(),
        *_of_phones_and_scanners(),
        *_workbooks(),
        *_letters(),
        *_tables(),
        *_of_the_corpus(),
    ]


def _written():
    for producer, size in (("reportlab A4", A4), ("reportlab A3", A3)):
        for pages in (1, 25):
            out = io.BytesIO()
            canvas = Canvas(out, pagesize=size)
            for page in range(pages):
                canvas.drawString(72, 720, f"Keputusan Wali Kota, halaman {page + 1}")
                canvas.linkURL("https://jdih.example.go.id/", (72, 700, 200, 715))
                canvas.showPage()
            canvas.save()
            yield Paper(producer, f"SK {pages} halaman.pdf", out.getvalue(), PDF)
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle("<b>Laporan</b> <html>")
    canvas.bookmarkPage("awal")
    canvas.addOutlineEntry("Awal", "awal")
    canvas.acroForm.textfield(name="nama", x=72, y=700, width=200)
    canvas.acroForm.checkbox(name="setuju", x=72, y=650)
    canvas.showPage()
    canvas.save()
    yield Paper("reportlab form", "formulir.pdf", out.getvalue(), PDF)


def _of_pdf_tools():
    plain = corpus.pdf(3, corpus.plain_form)
    for name, options in {
        "biasa": {},
        "padat": {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        "linear": {"linearize": True},
        "lama": {"force_version": "1.3"},
        "baru": {"min_version": "2.0"},
        "terurai": {
            "compress_streams": False,
            "stream_decode_level": pikepdf.StreamDecodeLevel.all,
        },
        "qdf": {"qdf": True},
    }.items():
        yield Paper("qpdf", f"{name}.pdf", corpus.pdf(3, corpus.plain_form, **options), PDF)
    for bits, options in (
        (40, {"R": 2, "metadata": False, "aes": False}),
        (128, {"R": 4}),
        (256, {"R": 6}),
    ):
        locked = corpus.pdf(1, encryption=pikepdf.Encryption(owner="pemilik", user="", **options))
        yield Paper(f"restricted {bits} bit", f"dibatasi-{bits}.pdf", locked, PDF)
    merged = PdfWriter()
    for _time in range(3):
        merged.append(io.BytesIO(plain))
    merged.add_metadata({"/Title": "Gabungan <script> dokumen"})
    out = io.BytesIO()
    merged.write(out)
    yield Paper("pypdf merge", "gabungan.pdf", out.getvalue(), PDF)
    out = io.BytesIO()
    images = [Image.effect_noise((200, 300), 40).convert("L") for _ in range(4)]
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=150)
    yield Paper("scanner to PDF", "pindaian.pdf", out.getvalue(), PDF)
    yield Paper("BSrE", "SK ditandatangani.pdf", sign(plain).content, PDF, {"signed": 1})
    two = plain + plain[plain.rindex(b"xref") :]
    yield Paper("saved twice", "diubah.pdf", plain + b"\n% diubah\n%%EOF\n", PDF)
    yield Paper("cut and joined", "tabel ganda.pdf", two, PDF)
    for place, before in {"BOM": b"\xef\xbb\xbf", "lines": b"\r\n\n", "junk": b"0a1f\r\n"}.items():
        yield Paper(
            f"mail gateway, {place} before", f"{place}.pdf", before + plain, PDF, {"repaired": 1}
        )
    for place, after in {
        "NUL": bytes(3_000),
        "lines": b"\r\n" * 900,
        "ctrl-z": b"\x1a" * 40,
    }.items():
        known = {} if place == "ctrl-z" else {"repaired": 1}
        yield Paper(f"mail gateway, {place} after", f"{place}-ekor.pdf", plain + after, PDF, known)


def _of_phones_and_scanners():
    for kind, media_type, ending in (
        ("JPEG", JPEG, "jpg"),
        ("PNG", PNG, "png"),
        ("WEBP", "image/webp", "webp"),
        ("TIFF", "image/tiff", "tif"),
        ("BMP", "image/bmp", "bmp"),
        ("GIF", "image/gif", "gif"),
    ):
        for mode in ("RGB", "L"):
            name = f"IMG {kind} {mode}.{ending}"
            yield Paper(f"camera {kind}", name, corpus.picture(kind, mode=mode), media_type)
    for orientation in (3, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010E] = "Foto <script> kegiatan"
        exif.get_ifd(0x8825)[1] = "S"
        content = corpus.picture("JPEG", exif=exif)
        yield Paper("Android", f"IMG_20240501_{orientation}.jpg", content, JPEG)
    yield Paper("Samsung, second photo behind", "IMG_motion.jpg", corpus.phone_jpeg(), JPEG)
    yield Paper("iPhone", "IMG_0001.HEIC", corpus.heic(), "image/heic")
    yield Paper("iPhone, shared", "IMG_0002.heif", corpus.heic((640, 480)), "image/heic")
    yield Paper("HEIC called JPG", "IMG_0003.JPG", corpus.heic(), "image/heic", {"renamed": 1})
    yield Paper("phone of 64 megapixels", "besar.jpg", corpus.jpeg_of_size(9_248, 6_936), JPEG)
    yield Paper("A3 at 600 dpi", "denah.png", corpus.png_of_size(7_016, 9_921), PNG)
    yield Paper("bad line", "terpotong.jpg", corpus.picture("JPEG")[:-2], JPEG, {"truncated": 1})
    yield Paper("editor", "ket.jpg", corpus.picture("JPEG", comment=b"<svg> denah </svg>"), JPEG)
    yield Paper("editor", "lapis.png", corpus.picture("PNG", mode="RGBA"), PNG)
    yield Paper("editor", "indeks.png", corpus.picture("PNG", mode="P"), PNG)
    yield Paper("editor", "progresif.jpeg", corpus.picture("JPEG", progressive=True), JPEG)
    for ending in ("png", "pdf", "jfif.txt", "bin"):
        yield Paper("chat group", f"foto.{ending}", corpus.picture("JPEG"), JPEG, {"renamed": 1})


def _workbook(change):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Kecamatan", "Anak", "Persen"])
    for row in range(40):
        sheet.append([f"Kecamatan {row}", row * 10, 0.5])
    change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _workbooks():
    def chart(book, sheet):
        bars = BarChart()
        bars.add_data(Reference(sheet, min_col=2, min_row=1, max_row=20), titles_from_data=True)
        sheet.add_chart(bars, "E2")

    def comment(book, sheet):
        sheet["A1"].comment = Comment("Periksa lagi", "Ani")

    def link(book, sheet):
        sheet["A2"].hyperlink = "https://kota.example.go.id/"

    def many(book, sheet):
        for number in range(12):
            book.create_sheet(f"Lembar {number}")

    def styled(book, sheet):
        sheet["A1"].font = Font(bold=True)
        sheet.merge_cells("A5:C5")
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = "A1:C40"

    def formulas(book, sheet):
        sheet["D2"] = "=SUM(B2:B41)"

    for change in (chart, comment, link, many, styled, formulas):
        yield Paper("openpyxl", f"{change.__name__}.xlsx", _workbook(change), XLSX)
    yield Paper(
        "ODS",
        "data.ods",
        corpus.open_document("spreadsheet"),
        "application/vnd.oasis.opendocument.spreadsheet",
    )
    yield Paper("XLSX called XLS", "data.xls", _workbook(styled), XLSX, {"renamed": 1})


def _letters():
    for producer, parts in {
        "Word": [("docProps/app.xml", b'<?xml version="1.0"?><Properties/>')],
        "Word, photo": [("word/media/image1.jpeg", corpus.picture("JPEG"))],
        "Word, HEIC": [("word/media/image1.heic", corpus.heic())],
        "Word, icon": [("word/media/image2.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')],
        "Word, embedded PDF": [("word/embeddings/oleObject1.bin", corpus.embedded_pdf())],
        "Word, altChunk": [("word/afchunk.txt", "Teks sisipan".encode("utf-16"))],
        "WPS": [("customXml/item1.xml", b"<?xml version='1.0'?><s:customData xmlns:s='wps'/>")],
        "Google Docs": [("word/fonts/font1.ttf", bytes(200)), ("word/theme/theme1.xml", b"<a/>")],
        "LibreOffice": [("word/settings.xml", b'<?xml version="1.0" standalone="yes"?>\n<w/>')],
        "thumbnail": [("docProps/thumbnail.emf", b"\x01\x00\x00\x00" + bytes(80))],
    }.items():
        yield Paper(producer, f"{producer}.docx", corpus.docx(*parts), DOCX)
    yield Paper(
        "LibreOffice",
        "surat.odt",
        corpus.open_document("text"),
        "application/vnd.oasis.opendocument.text",
    )
    yield Paper(
        "WordPad",
        "surat.rtf",
        b"{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 Surat\\par}",
        "application/rtf",
    )
    yield Paper(
        "RTF called DOC", "surat.doc", b"{\\rtf1\\ansi Surat}", "application/rtf", {"renamed": 1}
    )


def _tables():
    rows = [["kode", "nilai", "nama"], ["1.1", "3,5", "Kelurahan Café"]]
    for delimiter, name in ((";", "titik koma"), (",", "koma"), ("\t", "tab")):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(rows)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            content = out.getvalue().encode(encoding)
            yield Paper(f"Excel CSV {encoding}", f"{name} {encoding}.csv", content, "text/csv")
    yield Paper("Excel", "kepala.csv", b"<nama>;<nik>\r\nAni;1\r\n", "text/csv")
    yield Paper("Notepad", "catatan.txt", b"Notulen rapat\r\n", "text/plain")
    yield Paper("Notepad", "catatan utf16.txt", "Notulen – rapat".encode("utf-16"), "text/plain")
    yield Paper("application export", "ekspor.xls", corpus.CSV, "text/csv", {"renamed": 1})


def _of_the_corpus():
    """What the rest of the tests call good."""
    for name, (content, media_type, _extension) in corpus.GOOD.items():
        yield Paper("corpus", name, content, media_type)
