"""Good and hostile files, made in memory. Nothing dangerous is kept in the repository."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD_MAIN = OFFICE + "wordprocessingml.document.main+xml"
SHEET_MAIN = OFFICE + "spreadsheetml.sheet.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


# --- PDF -----------------------------------------------------------------------------------


def pdf(pages=1, change=None, **save):
    with Pdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        if change:
            change(document)
        out = io.BytesIO()
        document.save(out, static_id=True, **save)
    return out.getvalue()


def action(**entries):
    def change(document):
        document.Root.OpenAction = Dictionary(Type=Name.Action, **entries)

    return change


def page_script(document):
    """JavaScript not at the entrance but on a page, in an object of its own."""
    script = document.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    document.pages[0].AA = Dictionary(O=script)


def name_tree_script(document):
    script = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("start"), script])))


def form_script(script):
    """A form whose one field is written by a script."""

    def change(document):
        field = Dictionary(
            FT=Name.Tx,
            T=String("jumlah"),
            AA=Dictionary(F=Dictionary(S=Name.JavaScript, JS=String(script))),
        )
        document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))

    return change


def stream_scripts(*scripts):
    """Scripts that stand in streams, each of a page's event."""

    def change(document):
        document.Root.AA = Array(
            [Dictionary(S=Name.JavaScript, JS=document.make_stream(one)) for one in scripts]
        )

    return change


def chained(after):
    """Opening turns to the first page, and then does what follows."""

    def change(document):
        page = Array([document.pages[0].obj, Name.Fit])
        document.Root.OpenAction = Dictionary(S=Name.GoTo, D=page, Next=after)

    return change


def trailer_action(document):
    document.trailer.A = Dictionary(S=Name.Launch, F=String("cmd.exe"))


def titled(title):
    def change(document):
        document.docinfo["/Title"] = String(title)

    return change


def indirect_action(document):
    """A script whose kind stands in an object of its own."""
    kind = document.make_indirect(Name.JavaScript)
    script = document.make_indirect(String("app.alert(1)"))
    document.Root.OpenAction = Dictionary(S=kind, JS=script)


def indirect_launch(document):
    document.Root.OpenAction = Dictionary(
        S=document.make_indirect(Name.Launch), F=String("cmd.exe")
    )


def attachment(document):
    document.attachments["daftar.xlsx"] = b"isi lampiran"


def xfa(document):
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def rich_media(document):
    note = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    document.pages[0].Annots = Array([document.make_indirect(note)])


def plain_form(document):
    """What honest documents have: a form, a link, an opening view."""
    link = Dictionary(S=Name.URI, URI=String("https://example.org/"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=link)
    document.pages[0].Annots = Array([note])
    document.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def locked_pdf(user):
    permissions = pikepdf.Permissions(extract=False)
    return pdf(encryption=pikepdf.Encryption(owner="pemilik", user=user, allow=permissions))


def disguised_name_pdf():
    """The name /JavaScript spelled with an escape, as malware does."""
    same_length = Name("/JavaScriptXX")
    return pdf(change=action(S=same_length, JS=String("1"))).replace(
        b"/JavaScriptXX", b"/J#61vaScript"
    )


def pdf_object_bomb(megabytes=64):
    """A compressed object of spaces: a few kilobytes that unpack to megabytes."""
    packed = zlib.compress(b"5 0 << /X 1 >>" + b" " * (megabytes << 20), 9)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /More 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]
    out, rows = b"%PDF-1.5\n", bytes(6)
    for number, body in enumerate(bodies, 1):
        rows += b"\x01" + len(out).to_bytes(4) + b"\x00"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows += b"\x02" + (4).to_bytes(4) + b"\x00" + b"\x01" + len(out).to_bytes(4) + b"\x00"
    table = b"<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(rows)
    return out + b"6 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        rows,
        len(out),
    )


def large_pdf(size):
    """A PDF of exactly this many bytes, most of them one uncompressed stream."""
    filler = b"\x80" * (size - 1_500)

    def fill(document):
        document.Root.Filler = document.make_stream(filler)

    return padded(pdf(change=fill, compress_streams=False), size)


def padded(data, size):
    """More line ends behind the end mark, where readers allow them."""
    return data + b"\n" * (size - len(data))


# --- Pictures ------------------------------------------------------------------------------


def picture(kind, size=(64, 48), mode="RGB", **save):
    image = Image.effect_noise(size, 60).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def phone_jpeg():
    """As phones make it: a camera's note in front and a second photo behind."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    return picture("JPEG", exif=exif) + picture("JPEG", size=(16, 12))


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width, height):
    """The header claims the size; the data behind it are next to nothing."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + png_chunk(b"IEND", b"")
    )


def jpeg_of_size(width, height):
    data = bytearray(picture("JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of_size(width, height):
    data = bytearray(picture("WEBP"))
    data[26:30] = struct.pack("<HH", width, height)
    return bytes(data)


# --- Archives and office documents ---------------------------------------------------------


def bmp_of_size(width, height):
    head = struct.pack("<2sIHHI", b"BM", 54, 0, 0, 54)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)


def tiff_of_size(width, height):
    entries = [(256, 4, 1, width), (257, 4, 1, height)]
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
    return b"II*\x00" + struct.pack("<I", 8) + body + bytes(4)


def heic(size=(64, 48), **save):
    """A photo as phones take it by default."""
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "HEIF", **save)
    return out.getvalue()


def archive(parts, method=zipfile.ZIP_DEFLATED, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts:
            packed.writestr(zipfile.ZipInfo(name), content, method)
        packed.comment = comment
    return out.getvalue()


def types_xml(part, media_type, *more):
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, kind in [(part, media_type), *more]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>"
    )


def relation_xml(kind, target, mode="External"):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATION}{kind}" Target="{target}" TargetMode="{mode}"/>'
        "</Relationships>"
    )


def docx(*more, main=WORD_MAIN, types=()):
    return archive(
        [
            ("[Content_Types].xml", types_xml("/word/document.xml", main, *types)),
            ("_rels/.rels", relation_xml("officeDocument", "word/document.xml", "Internal")),
            ("word/document.xml", "<w:document xmlns:w='w'><w:body/></w:document>"),
            *more,
        ]
    )


def xlsx(rows=3):
    book = openpyxl.Workbook()
    for row in range(rows):
        book.active.append([row, f"Kelurahan {row}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx_linking(kind, target):
    return docx(("word/_rels/document.xml.rels", relation_xml(kind, target)))


def docx_with_chart(depth=1):
    """A chart keeps its figures in an embedded sheet; `depth` 2 hides one more in that."""
    inner = xlsx()
    for _ in range(depth - 1):
        inner = docx(("word/embeddings/Lembar.xlsx", inner))
    suffix = "docx" if depth > 1 else "xlsx"
    return docx((f"word/embeddings/Microsoft_Excel_Sheet.{suffix}", inner))


def zip_bomb():
    return docx(("word/media/image1.emf", bytes(100 << 20)))


def giant_sheet():
    """More than the limit in all, though each part is packed no better than honest text."""
    unit = zlib.compress(b"")  # not compressible twice
    noise = b"".join(zlib.crc32(unit * n).to_bytes(4) for n in range(1_000)) * 60
    return docx(*[(f"word/media/{n}.emf", noise) for n in range(900)])


def lying_sizes():
    """The directory says 10 bytes; the data unpack to far more."""
    data = bytearray(docx(("word/media/image1.emf", bytes(5 << 20))))
    true_size = struct.pack("<I", 5 << 20)
    return bytes(data.replace(true_size, struct.pack("<I", 10)))


def overfull_archive(entries):
    return docx(*[(f"word/media/{n}.png", b"") for n in range(entries)])


def locked_archive():
    """Every entry carries the mark of encryption."""
    data = docx()
    data = data.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
    return data.replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )


SECTOR, FREE, END, FAT_MARK = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(*streams, storages=()):
    """An OLE container as old Office writes it ([MS-CFB]): named streams and empty storages.

    A stream is a name, or a name with its content; each is padded past the size below which
    it would lie in the shared small sectors.
    """
    named = [(one, b"") if isinstance(one, str) else one for one in streams]
    contents = [content.ljust(4_096, b"\x00") for _name, content in named]
    chains, fat = [], [FAT_MARK]
    for content in contents:
        sectors = -(-len(content) // SECTOR)
        first = len(fat)
        fat += [*range(first + 1, first + sectors), END]
        chains.append(first)
    entries = len(named) + len(storages) + 1
    directory_at, directory_sectors = len(fat), -(-entries // 4)
    fat += [*range(directory_at + 1, directory_at + directory_sectors), END]
    assert len(fat) <= 128, "one sector of the table is enough here"
    fat += [FREE] * (128 - len(fat))
    rows = [_directory_entry("Root Entry", 5, END, 0, child=1 if entries > 1 else FREE)]
    rows += [
        _directory_entry(name, 2, first, len(content), right=_next(number, entries))
        for number, ((name, _), first, content) in enumerate(
            zip(named, chains, contents, strict=True), start=1
        )
    ]
    rows += [
        _directory_entry(name, 1, 0, 0, right=_next(number, entries))
        for number, name in enumerate(storages, start=len(named) + 1)
    ]
    directory = b"".join(rows).ljust(directory_sectors * SECTOR, b"\x00")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        + struct.pack("<IIIIIIIIII", 0, 1, directory_at, 0, 4_096, END, 0, END, 0, 0)
        + struct.pack("<108I", *[FREE] * 108)
    )
    body = b"".join(
        content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\x00") for content in contents
    )
    return header + struct.pack("<128I", *fat) + body + directory


def _next(number, entries):
    return number + 1 if number + 1 < entries else FREE


def _directory_entry(name, kind, first, size, *, child=FREE, right=FREE):
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def sheet_record(kind):
    """A workbook that names one sheet of this kind: 0 is a table, 1 holds macros."""
    begin = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0005)
    sheet = struct.pack("<IBBBB", 0, 0, kind, 1, 0) + b"A"
    return begin + struct.pack("<HH", 0x85, len(sheet)) + sheet + struct.pack("<HH", 0x0A, 0)


def locked_workbook():
    return struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0005) + struct.pack("<HHH", 0x2F, 2, 1)


def locked_word():
    return struct.pack("<5HH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100)


def slides(has_macros):
    return struct.pack("<HHIIII", 2, 0x0400, 12, 0, int(has_macros), 2)


def embedded_pdf():
    """The object that Word makes of a PDF that a person drops into a letter."""
    return compound(("CONTENTS", pdf()))


def packed_object(label, content):
    """The object that Word makes of any other file: its label says what a double click opens."""
    data = (
        b"\x00\x00\x00\x00\x02\x00" + label.encode() + b"\x00" + label.encode() + b"\x00" + content
    )
    return compound(("\x01Ole10Native", data))


def open_document(kind, *more, mimetype=None):
    """What LibreOffice writes: the kind first and unpacked, then the content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        media_type = mimetype or f"application/vnd.oasis.opendocument.{kind}"
        target.writestr(zipfile.ZipInfo("mimetype"), media_type)
        target.writestr("content.xml", '<?xml version="1.0" encoding="UTF-8"?><office/>')
        for name, content in more:
            target.writestr(name, content)
    return out.getvalue()


def entity_bomb():
    return b'<?xml version="1.0"?><!DOCTYPE Types [<!ENTITY a "aaaaaaaaaa">]><Types>&a;</Types>'


CSV = "kode;nilai\n1.1;3,5\n1.2;Kota Layak Anak – Metro\n".encode()

GOOD = {
    "laporan.pdf": (pdf(), "application/pdf", "pdf"),
    "Laporan Akhir.PDF": (pdf(20, plain_form), "application/pdf", "pdf"),
    "dibatasi.pdf": (locked_pdf(user=""), "application/pdf", "pdf"),
    "linear.pdf": (pdf(3, linearize=True), "application/pdf", "pdf"),
    "foto.jpg": (picture("JPEG"), "image/jpeg", "jpg"),
    "foto.JPEG": (picture("JPEG", progressive=True), "image/jpeg", "jpg"),
    "ponsel.jpg": (phone_jpeg(), "image/jpeg", "jpg"),
    "gambar.png": (picture("PNG", mode="RGBA"), "image/png", "png"),
    "foto.webp": (picture("WEBP"), "image/webp", "webp"),
    "tajam.webp": (picture("WEBP", lossless=True), "image/webp", "webp"),
    "tembus.webp": (picture("WEBP", exif=b"Exif\x00\x00MM"), "image/webp", "webp"),
    "surat.docx": (docx(), OFFICE + "wordprocessingml.document", "docx"),
    "grafik.docx": (docx_with_chart(), OFFICE + "wordprocessingml.document", "docx"),
    "templat-sendiri.docx": (
        docx_linking("attachedTemplate", "file:///C:\\Users\\Ani\\Laporan.dotx"),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "tautan.docx": (
        docx_linking("hyperlink", "https://example.org/"),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "matriks.xlsx": (xlsx(), OFFICE + "spreadsheetml.sheet", "xlsx"),
    "nilai.csv": (CSV, "text/csv", "csv"),
    "nilai-bom.csv": (b"\xef\xbb\xbf" + CSV, "text/csv", "csv"),
    "nilai-lama.csv": ("kode;nama\n1;caf\xe9\n".encode("cp1252"), "text/csv", "csv"),
    "BM.csv": (b"BMI;nilai\n22;1\n", "text/csv", "csv"),
    "tanpa akhiran": (pdf(), "application/pdf", "pdf"),
}

# Taken for what they are, with what was found in them; pages show a rendition without it.
FOUND = {
    # PDF as scanners, mail programs and form designers leave them
    "depan-bom.pdf": (b"\xef\xbb\xbf" + pdf(), "application/pdf", "pdf", {"repaired": 1}),
    "depan-baris.pdf": (b"\r\n\r\n" + pdf(), "application/pdf", "pdf", {"repaired": 1}),
    "ekor-nul.pdf": (pdf() + bytes(5_000), "application/pdf", "pdf", {"repaired": 1}),
    "ekor-baris.pdf": (pdf() + b"\r\n" * 2_000, "application/pdf", "pdf", {"repaired": 1}),
    "judul.pdf": (pdf(1, titled("<html><script>x</script>")), "application/pdf", "pdf"),
    "angka.pdf": (
        pdf(1, action(S=Name.JavaScript, JS=String('AFNumber_Format(2, 0, 0, 0, "", true);'))),
        "application/pdf",
        "pdf",
        {"number_script": 1},
    ),
    "jumlah.pdf": (
        pdf(
            1, form_script('AFSimple_Calculate("SUM", new Array ("a", "b"));\nAFSpecial_Format(0);')
        ),
        "application/pdf",
        "pdf",
        {"number_script": 1},
    ),
    # Scripts that only begin like those for numbers
    "angka-palsu.pdf": (
        pdf(1, form_script("AFNumber_Format(2, 0, app.launchURL`http://a.example`, 0);")),
        "application/pdf",
        "pdf",
        {"script": 1},
    ),
    "angka-isian.pdf": (
        pdf(1, form_script("AFDate_FormatEx(this.x = app.alert)")),
        "application/pdf",
        "pdf",
        {"script": 1},
    ),
    "angka-panjang.pdf": (
        pdf(1, form_script("AFNumber_Format()" + " " * 60_000 + "x")),
        "application/pdf",
        "pdf",
        {"script": 1},
    ),
    "angka-aliran.pdf": (
        pdf(1, stream_scripts(b"AFPercent_Format(2, 0);", b"AFDate_Format(1);")),
        "application/pdf",
        "pdf",
        {"number_script": 2},
    ),
    # After a first script none of the streams is unpacked any more
    "banjir-skrip.pdf": (
        pdf(1, stream_scripts(*[b"AFNumber_Format()" + b" " * 100_000] * 40)),
        "application/pdf",
        "pdf",
        {"script": 40},
    ),
    "beruntun.pdf": (
        pdf(1, chained(Array([Dictionary(S=Name.URI, URI=String("http://a.example/"))]))),
        "application/pdf",
        "pdf",
        {"action": 1},
    ),
    "ekor-perintah.pdf": (pdf(1, trailer_action), "application/pdf", "pdf", {"action": 1}),
    "templat-sendiri.rtf": (
        rb"{\rtf1{\*\template C:\\Users\\Ani\\Normal.dotm}Laporan}",
        "application/rtf",
        "rtf",
    ),
    "jauh.pdf": (
        pdf(1, action(S=Name.GoToR, F=String("//peladen/a.pdf"))),
        "application/pdf",
        "pdf",
        {"action": 1},
    ),
    "sisipan.pdf": (pdf(1, action(S=Name.GoToE)), "application/pdf", "pdf", {"action": 1}),
    "kirim.pdf": (pdf(1, action(S=Name.SubmitForm)), "application/pdf", "pdf", {"action": 1}),
    "putar.pdf": (pdf(1, action(S=Name.Movie)), "application/pdf", "pdf", {"action": 1}),
    "alamat.pdf": (
        pdf(1, action(S=Name.URI, URI=String("https://example.org/"))),
        "application/pdf",
        "pdf",
        {"action": 1},
    ),
    "skrip-rujukan.pdf": (pdf(1, indirect_action), "application/pdf", "pdf", {"script": 1}),
    "perintah-rujukan.pdf": (pdf(1, indirect_launch), "application/pdf", "pdf", {"action": 1}),
    # pictures of phones and scanners
    "IMG_0001.HEIC": (heic(), "image/heic", "heic"),
    "IMG_0002.jpg": (heic(), "image/heic", "heic", {"renamed": 1}),
    "pindai.tif": (picture("TIFF"), "image/tiff", "tif"),
    "cat.bmp": (picture("BMP"), "image/bmp", "bmp"),
    # office documents
    "surat-pdf.docx": (
        docx(("word/embeddings/oleObject1.bin", embedded_pdf())),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "surat-paket-pdf.docx": (
        docx(("word/embeddings/oleObject1.bin", packed_object("SK.pdf", pdf()))),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "gambar-vektor.docx": (
        docx(("word/media/image1.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "sisipan-teks.docx": (
        docx(("word/afchunk.txt", b"Teks")),
        OFFICE + "wordprocessingml.document",
        "docx",
    ),
    "surat.odt": (open_document("text"), "application/vnd.oasis.opendocument.text", "odt"),
    "data.ods": (
        open_document("spreadsheet"),
        "application/vnd.oasis.opendocument.spreadsheet",
        "ods",
    ),
    "paparan.odp": (
        open_document("presentation"),
        "application/vnd.oasis.opendocument.presentation",
        "odp",
    ),
    "lama.doc": (compound("WordDocument"), "application/msword", "doc"),
    "lama.xls": (compound(("Workbook", sheet_record(0))), "application/vnd.ms-excel", "xls"),
    "lama95.xls": (compound(("Book", sheet_record(0))), "application/vnd.ms-excel", "xls"),
    "lama.ppt": (
        compound(("PowerPoint Document", slides(False))),
        "application/vnd.ms-powerpoint",
        "ppt",
    ),
    # text
    "nilai-utf16.csv": ("kode;nilai\n1.1;3,5\n".encode("utf-16"), "text/csv", "csv"),
    "judul-siku.csv": (b"<nama>;<alamat>\nAni;Metro\n", "text/csv", "csv"),
    "ekspor.xls": (CSV, "text/csv", "csv", {"renamed": 1}),
    "surat.rtf": (b"{\\rtf1 Surat}", "application/rtf", "rtf"),
    "animasi.gif": (picture("GIF"), "image/gif", "gif"),
    "laporan.png": (pdf(), "application/pdf", "pdf", {"renamed": 1}),
    "foto.pdf": (picture("JPEG"), "image/jpeg", "jpg", {"renamed": 1}),
    "surat.xlsx": (docx(), OFFICE + "wordprocessingml.document", "docx", {"renamed": 1}),
    "laporan.pdf.exe": (pdf(), "application/pdf", "pdf", {"renamed": 1}),
    "catatan.txt": (CSV, "text/plain", "txt"),
    "catatan": (CSV, "text/csv", "csv"),
    "geser.pdf": (b"sampah\n" + pdf(), "application/pdf", "pdf", {"repaired": 1}),
    "tabel-rusak.pdf": (
        pdf().replace(b"startxref\n", b"startxref\n1"),
        "application/pdf",
        "pdf",
        {"repaired": 1},
    ),
    "potong.jpg": (picture("JPEG")[:-40], "image/jpeg", "jpg", {"truncated": 1}),
    "catatan.jpg": (picture("JPEG", comment=HTML), "image/jpeg", "jpg"),
    "skrip.pdf": (
        pdf(50, action(S=Name.JavaScript, JS=String("1"))),
        "application/pdf",
        "pdf",
        {"script": 1},
    ),
    "skrip-samar.pdf": (disguised_name_pdf(), "application/pdf", "pdf", {"script": 1}),
    "skrip-halaman.pdf": (pdf(2, page_script), "application/pdf", "pdf", {"script": 1}),
    "skrip-padat.pdf": (
        pdf(2, page_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "application/pdf",
        "pdf",
        {"script": 1},
    ),
    "skrip-nama.pdf": (pdf(1, name_tree_script), "application/pdf", "pdf", {"script": 1}),
    "perintah.pdf": (
        pdf(1, action(S=Name.Launch, F=String("cmd.exe"))),
        "application/pdf",
        "pdf",
        {"action": 1},
    ),
    "lampiran.pdf": (pdf(1, attachment), "application/pdf", "pdf", {"attachment": 1}),
    "xfa.pdf": (pdf(1, xfa), "application/pdf", "pdf", {"script": 1}),
    "film.pdf": (pdf(1, rich_media), "application/pdf", "pdf", {"action": 1}),
    "tayangan.pptx": (
        docx(main=OFFICE + "presentationml.presentation.main+xml"),
        OFFICE + "presentationml.presentation",
        "pptx",
    ),
}

HOSTILE = {
    # nothing, or not a document at all
    "kosong.pdf": (b"", "empty"),
    "spasi.csv": (b" \r\n \n", "empty"),
    "halaman.html": (HTML, "not_allowed"),
    "halaman.pdf": (HTML, "not_allowed"),
    "halaman.png": (b"\xef\xbb\xbf \n" + HTML, "not_allowed"),
    "gambar.svg": (SVG, "not_allowed"),
    "gambar.png": (b'<?xml version="1.0"?>\n' + SVG, "not_allowed"),
    "data.xml": (b'<?xml version="1.0"?><a/>', "not_allowed"),
    "jalankan.sh": (b"#!/bin/sh\nrm -rf /\n", "not_allowed"),
    "jalankan.csv": (b"#!/bin/sh\nrm -rf /\n", "not_allowed"),
    "pasang.bat": (b"@echo off\r\ndel *.*\r\n", "not_allowed"),
    "pasang.csv": (b"<?php system($_GET['c']); ?>", "not_allowed"),
    "program.pdf": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "not_allowed"),
    "program.png": (b"\x7fELF\x02\x01\x01" + bytes(200), "not_allowed"),
    "acak.pdf": (bytes(range(256)) * 8, "unknown_type"),
    "biner.csv": (b"kode;nilai\n" * 200 + b"\x00\x01", "unknown_type"),
    "bukan-huruf.csv": (b"kode;\x81\x8d\n", "unknown_type"),
    "eicar.com": (EICAR, "active_content"),
    "eicar.csv": (b"kode;nilai\n" + EICAR, "active_content"),
    "eicar.pdf": (pdf().replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF"), "active_content"),
    "eicar.docx": (docx(("word/media/a.bin", EICAR)), "active_content"),
    "naskah.csv": (b"kode;nilai\n1;<script>alert(1)</script>\n", "active_content"),
    # the name says one thing, the content another
    ".htaccess": (b"AddType text/html .pdf\n", "mislabelled"),
    # PDF
    "palsu.pdf": (b"%PDF-1.4 <html><script>alert(1)</script>", "active_content"),
    "ekor.pdf": (pdf() + HTML, "active_content"),
    "arsip.pdf": (pdf() + archive([("A.class", b"\xca\xfe\xba\xbe")]), "active_content"),
    "depan.pdf": (HTML + pdf(), "not_allowed"),
    "terkunci.pdf": (locked_pdf(user="rahasia"), "encrypted"),
    "potong.pdf": (pdf()[:-30], "broken"),
    "separuh.pdf": (pdf()[: len(pdf()) // 2], "broken"),
    "tanpa-halaman.pdf": (pdf(0), "broken"),
    "bom.pdf": (pdf_object_bomb(), "too_big_inside"),
    # pictures
    "banjir.png": (png_of_size(30_000, 30_000), "too_many_pixels"),
    "banjir.jpg": (jpeg_of_size(30_000, 30_000), "too_many_pixels"),
    "banjir.webp": (webp_of_size(16_000, 16_000), "too_many_pixels"),
    "nol.png": (png_of_size(0, 10), "broken"),
    "tanpa-titik.jpg": (b"\xff\xd8\xff\xd9", "broken"),
    "tanpa-titik.png": (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0))
        + png_chunk(b"IEND", b""),
        "broken",
    ),
    "potong.png": (picture("PNG")[:-40], "broken"),
    "potong.webp": (picture("WEBP")[:-40], "broken"),
    "kepala.png": (b"\x89PNG\r\n\x1a\n" + HTML, "broken"),
    "ekor.png": (picture("PNG") + HTML, "active_content"),
    "ekor.jpg": (picture("JPEG") + bytes(200_000) + HTML, "active_content"),
    "arsip.jpg": (picture("JPEG") + archive([("A.class", b"\xca\xfe")]), "active_content"),
    # office documents and archives
    "arsip.zip": (archive([("a.txt", b"a")]), "not_allowed"),
    "arsip.docx": (archive([("a.txt", b"a")]), "not_allowed"),
    "kosong.zip": (archive([]), "broken"),
    "makro.docx": (docx(("word/vbaProject.bin", b"VBA")), "active_content"),
    "makro-jenis.docx": (
        docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "active_content",
    ),
    "makro4.docx": (docx(("xl/macrosheets/sheet1.xml", b"<m/>")), "active_content"),
    "objek.docx": (docx(("word/embeddings/oleObject1.bin", b"OLE")), "active_content"),
    "kendali.docx": (docx(("word/activeX/activeX1.xml", b"<a/>")), "active_content"),
    "program.docx": (docx(("word/media/image1.png", b"MZ\x90\x00")), "active_content"),
    "bersarang.docx": (docx(("word/media/a.png", archive([("a", b"")]))), "active_content"),
    "dua-lapis.docx": (docx_with_chart(depth=2), "active_content"),
    "templat.docx": (
        docx_linking("attachedTemplate", "https://example.org/a.dotm"),
        "active_content",
    ),
    "templat-jaringan.docx": (
        docx_linking("attachedTemplate", "file://peladen/a.dotm"),
        "active_content",
    ),
    "entitas.docx": (docx(("word/settings.xml", entity_bomb())), "active_content"),
    "jalur.docx": (docx(("../../etc/passwd", b"x")), "broken"),
    "jalur-windows.docx": (docx(("word\\..\\..\\a", b"x")), "broken"),
    "kembar.docx": (docx(("WORD/document.xml", b"x")), "broken"),
    "tanpa-isi.docx": (
        archive([("[Content_Types].xml", types_xml("/word/document.xml", WORD_MAIN))]),
        "broken",
    ),
    "jenis-rusak.docx": (archive([("[Content_Types].xml", b"<Types")]), "broken"),
    "jenis-entitas.docx": (archive([("[Content_Types].xml", entity_bomb())]), "broken"),
    "potong.docx": (docx()[:-40], "broken"),
    "geser.docx": (b"PK\x03\x04" + docx(), "broken"),
    "bohong.docx": (lying_sizes(), "broken"),
    "bom.docx": (zip_bomb(), "too_big_inside"),
    "raksasa.docx": (giant_sheet(), "too_big_inside"),
    "ramai.docx": (overfull_archive(2_001), "too_big_inside"),
    "terkunci.docx": (locked_archive(), "encrypted"),
    "terkunci.xlsx": (compound("EncryptedPackage"), "encrypted"),
    "makro.doc": (compound("WordDocument", storages=["Macros"]), "active_content"),
    "makro.xls": (compound("Workbook", storages=["_VBA_PROJECT_CUR"]), "active_content"),
    "makro4.xls": (compound(("Workbook", sheet_record(1))), "active_content"),
    "makro.ppt": (compound(("PowerPoint Document", slides(True))), "active_content"),
    "dde.doc": (compound(("WordDocument", b"\x13 DDEAUTO c:\\\\cmd.exe")), "active_content"),
    "objek.doc": (compound("WordDocument", "\x01Ole10Native"), "active_content"),
    "terkunci.doc": (compound(("WordDocument", locked_word())), "encrypted"),
    "terkunci.xls": (compound(("Workbook", locked_workbook())), "encrypted"),
    "pesan.msg": (compound("__properties_version1.0"), "not_allowed"),
    "rusak.doc": (compound("WordDocument")[:700], "broken"),
    "objek.rtf": (
        b"{\\rtf1 {\\object\\objemb{\\*\\objdata 0105000002000000080000005061636b61676500}}}",
        "active_content",
    ),
    "templat.rtf": (b"{\\rtf1{\\*\\template http://example.org/a.dotm}}", "active_content"),
    "dde.rtf": (b"{\\rtf1 {\\field{\\*\\fldinst DDEAUTO cmd x}}}", "active_content"),
    "makro.odt": (open_document("text", ("Basic/Standard/a.xml", "<a/>")), "active_content"),
    "naskah.ods": (open_document("spreadsheet", ("Scripts/python/a.py", "")), "active_content"),
    "entitas.odt": (open_document("text", ("styles.xml", entity_bomb())), "active_content"),
    "templat.ott": (open_document("text-template"), "not_allowed"),
    "terkunci.odt": (
        open_document("text", ("META-INF/manifest.xml", "<m><encryption-data/></m>")),
        "encrypted",
    ),
    "program-objek.docx": (
        docx(("word/embeddings/oleObject1.bin", packed_object("surat.exe", b"MZ"))),
        "active_content",
    ),
    "samaran-objek.docx": (
        docx(("word/embeddings/oleObject1.bin", packed_object("surat.pdf", b"MZ"))),
        "active_content",
    ),
    "entitas-utf16.docx": (
        docx(
            (
                "word/settings.xml",
                entity_bomb().decode().replace("1.0", '1.0" encoding="UTF-16').encode("utf-16"),
            )
        ),
        "active_content",
    ),
    "entitas-jauh.docx": (
        docx(("word/settings.xml", b'<?xml version="1.0"?>' + b" " * 90_000 + entity_bomb()[21:])),
        "active_content",
    ),
    "svg-naskah.docx": (
        docx(("word/media/a.svg", SVG.replace(b"/>", b"><script/></svg>"))),
        "active_content",
    ),
    "utf16.html": ("<!DOCTYPE html><html></html>".encode("utf-16"), "not_allowed"),
    "naskah-utf16.csv": ("kode;<script>x</script>".encode("utf-16"), "active_content"),
    # what starts another program, or is read as XML under another name or encoding
    "dde-kolom.docx": (
        docx(("word/a.xml", b"<w:instrText> DDEAUTO c:\\\\a </w:instrText>")),
        "active_content",
    ),
    "dde-jauh.docx": (
        docx(("word/a.xml", b"<a>" + b" " * 200_000 + b"<w:ddeLink/></a>")),
        "active_content",
    ),
    "svg-jauh.docx": (
        docx(("word/media/a.svg", b"<svg>" + b" " * 200_000 + b"<script/></svg>")),
        "active_content",
    ),
    "perintah.odt": (
        open_document("text", ("a.xml", b'<a xlink:href="vnd.sun.star.script:a.py$b"/>')),
        "active_content",
    ),
    "dde.ods": (
        open_document("spreadsheet", ("a.xml", b"<table:dde-links><office:dde-source/></a>")),
        "active_content",
    ),
    "xxe-nama.docx": (
        docx(("word/a.bin", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///c">]><a>&b;</a>')),
        "active_content",
    ),
    "xxe-utf7.docx": (
        docx(("word/a.xml", b'<?xml version="1.0" encoding="utf-7"?>+ADw-!DOCTYPE a><a/>')),
        "broken",
    ),
    "templat-kode.rtf": (rb"{\rtf1{\*\template \'68ttp://a.example/b.dotm}a}", "active_content"),
    "banjir.bmp": (bmp_of_size(30_000, 30_000), "too_many_pixels"),
    "banjir.gif": (b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + bytes(20), "too_many_pixels"),
    "banjir.tif": (tiff_of_size(30_000, 30_000), "too_many_pixels"),
    "potong.heic": (heic()[:-40], "broken"),
    "arsip.gif": (picture("GIF") + archive([("A.class", b"\xca\xfe")]), "active_content"),
}

HOSTILE_NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\win.pdf": "win.pdf",
    "/abs/x.pdf": "x.pdf",
    "C:\\Users\\Ani\\SK Wali Kota.pdf": "SK Wali Kota.pdf",
    "nol\x00.pdf": "nol.pdf",
    "baris\r\nSet-Cookie: a.pdf": "baris Set-Cookie: a.pdf",
    "laporan\u202efdp.exe": "laporanfdp.exe",
    "  spasi   ganda .pdf": "spasi ganda .pdf",
    "": "dokumen",
    "..": "dokumen",
    "folder/": "dokumen",
    "\u202e\u200b": "dokumen",
    ".htaccess": ".htaccess",
    " .pdf": "dokumen.pdf",
    "..PDF": "dokumen.PDF",
    "CON.pdf": "CON.pdf",
    "تقرير.pdf": "تقرير.pdf",
    "foto 👨‍👩‍👧.jpg": "foto 👨‍👩‍👧.jpg",
    "a" * 255 + ".pdf": "a" * 116 + ".pdf",
    "👧" * 255 + ".pdf": "👧" * 116 + ".pdf",
    "b" * 300: "b" * 120,
    "c." + "d" * 300: "c." + "d" * 118,
}
