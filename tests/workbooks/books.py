"""Hostile and broken workbooks, made in memory. Nothing dangerous is kept in the repository."""

import io
import re
import zipfile

import openpyxl
from openpyxl.utils import get_column_letter

LAST_ROW = 1_048_576
SHEET_PART = "xl/worksheets/sheet1.xml"
EMPTY_SHEET_DATA = (b"<sheetData />", b"<sheetData/>")
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def book(rows, title="isi", change=None):
    """A workbook of one sheet with these rows; `change` may do more to the sheet."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(workbook)


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def changed(content, part=SHEET_PART, **replacements):
    """The workbook with one part changed: `old=…, new=…`, or `whole=…`."""
    parts = parts_of(content)
    if "whole" in replacements:
        parts[part] = replacements["whole"]
    else:
        assert replacements["old"] in parts[part]
        parts[part] = parts[part].replace(replacements["old"], replacements["new"])
    return packed(parts)


def with_parts(content, **more):
    return packed(parts_of(content) | more)


def with_part(content, name, data):
    return packed(parts_of(content) | {name: data})


def with_macro(content):
    return with_part(content, "xl/vbaProject.bin", b"\x01\x02 makro")


def macro_enabled(content):
    return changed(
        content,
        "[Content_Types].xml",
        old=b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        new=b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


def with_external_link(content):
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return with_part(content, "xl/externalLinks/externalLink1.xml", link)


def with_nested_archive(content):
    return with_part(content, "xl/embeddings/lampiran.xlsx", packed({"isi": b"0" * 1000}))


def with_formatted_rows(content, last=LAST_ROW, attributes=b' s="1" ht="15"', part=SHEET_PART):
    """Formatted empty rows behind the table, as far down as a sheet goes."""
    parts = parts_of(content)
    sheet = parts[part]
    first = max(int(line) for line in re.findall(rb'<row r="(\d+)"', sheet)) + 1
    rows = b"".join(b'<row r="%d"%s/>' % (line, attributes) for line in range(first, last + 1))
    parts[part] = sheet.replace(b"</sheetData>", rows + b"</sheetData>")
    return packed(parts)


def with_cell(content, line, column, value="ujung", part=SHEET_PART):
    """One cell of text far away, with nothing in between."""
    place = f"{get_column_letter(column)}{line}"
    cell = f'<row r="{line}"><c r="{place}" t="str"><v>{value}</v></c></row></sheetData>'
    return changed(content, part, old=b"</sheetData>", new=cell.encode())


def computed(content, formula, value):
    """As a spreadsheet stores a computed formula: with its result beside it."""
    empty = (b"<v></v>", b"<v />", b"<v/>")
    for one in empty:
        start = f"<f>{formula}</f>".encode() + one
        if start in parts_of(content)[SHEET_PART]:
            return changed(content, old=start, new=f"<f>{formula}</f><v>{value}</v>".encode())
    raise AssertionError(f"{formula} is not in the sheet")


def with_shared_strings(content, *texts, part="xl/sharedStrings.xml"):
    """The texts of the workbook kept in a part of their own, as Excel does."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    listed = changed(content, "[Content_Types].xml", old=b"</Types>", new=entry.encode())
    return with_part(listed, part, f'<sst xmlns="{space}">{items}</sst>'.encode())


def encrypted_in_zip(content):
    """The flag that says an entry is locked, in each directory entry."""
    data = bytearray(content)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def encrypted_package():
    """How office programs wrap a locked workbook: not a ZIP any more."""
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return start + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def lying_size(content, part=SHEET_PART, said=10):
    """The directory says that the part is this small."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(part).file_size
    entry = part.encode()
    data = bytearray(content)
    for signature, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.find(signature)
        while at >= 0:
            if data[at + name_at : at + name_at + len(entry)] == entry:
                assert int.from_bytes(data[at + size_at : at + size_at + 4], "little") == size
                data[at + size_at : at + size_at + 4] = said.to_bytes(4, "little")
            at = data.find(signature, at + 4)
    return bytes(data)


def zip_bomb(content, megabytes=200):
    """A few hundred kilobytes that unpack to this much."""
    return with_part(content, "xl/media/gambar.bin", bytes(megabytes << 20))


def with_entities(content, part=SHEET_PART):
    parts = parts_of(content)
    text = parts[part]
    start = text.index(b"?>") + 2 if text.startswith(b"<?xml") else 0
    parts[part] = text[:start] + BOMB + text[start:]
    return packed(parts)


def merged(*ranges):
    def change(sheet):
        for one in ranges:
            sheet.merge_cells(one)

    return change
