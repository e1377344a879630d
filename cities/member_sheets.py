"""A list of people to invite: an empty workbook to fill in, and reading it back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from cities.emails import clean_email, comparable
from cities.models import City, Opd
from cities.roles import Role
from cities.services.agencies import opds_by_agency
from cities.services.invitations import Guest
from texts.languages import in_indonesian
from workbooks.codes import CellError, UnknownCodeError, code_of_number, codes_by_number
from workbooks.faults import UnreadableError, shown
from workbooks.reading import Twofold, Uncomputed, is_empty
from workbooks.tables import Columns, Row, TableColumn, read_table
from workbooks.writing import inert

NAME, EMAIL, ROLE, OPD = TITLES = ("nama", "e-mail", "peran", "opd")
COLUMNS = Columns(
    (
        TableColumn((NAME, "name")),
        TableColumn((EMAIL, "email", "surel")),
        TableColumn((ROLE, "role")),
        TableColumn((OPD, "kode opd", "nama opd")),
    )
)
LONGEST_NAME = 150
MOST_ROWS = 500


@dataclass
class MemberSheet:
    """Whom the list names: to be invited, known already, and what is wrong with it."""

    guests: list[Guest] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


# --- Out --------------------------------------------------------------------------------------


def empty_sheet(city: City) -> IO[bytes]:
    """A workbook with the columns, lists to choose from, and the city's roles and OPDs."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(_("Anggota"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (32, 36, 20, 48), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(list(TITLES))
    roles = [str(role.label) for role in Role]
    opds = list(city.opds.active())
    choices = book.create_sheet(_("Pilihan"))
    choices.append([ROLE, OPD, _("nama OPD")])
    for role, opd in zip_longest(roles, opds):
        choices.append([role, *((inert(opd.code), inert(opd.name)) if opd else ())])
    _offer(sheet, "C", f"'{choices.title}'!$A$2:$A${len(roles) + 1}")
    _offer(sheet, "D", f"'{choices.title}'!$B$2:$B${len(opds) + 1}")
    # Closed with the answer that sends it.
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def _offer(sheet: Any, letter: str, cells: str) -> None:
    """A list to choose from; what is typed by hand, such as an OPD's name, is taken too."""
    rule = DataValidation(type="list", formula1=cells, allow_blank=True, showErrorMessage=False)
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.add_data_validation(rule)


# --- In ---------------------------------------------------------------------------------------


@in_indonesian
def read_members(content: bytes, name: str, *, city: City) -> MemberSheet:
    """Whom the list names. With faults nobody is to be invited; all of them are told at once."""
    try:
        table = read_table(content, name, columns=COLUMNS)
    except UnreadableError as error:
        return MemberSheet(faults=[str(fault) for fault in error.faults])
    reader = _Reader(city)
    for row in table.rows:
        reader.read(row)
    sheet = reader.sheet
    sheet.faults = [*(str(fault) for fault in table.faults), *sheet.faults]
    if len(table.rows) > MOST_ROWS:
        told = _("Daftar ini memuat %(count)d orang, paling banyak %(limit)d. Bagi daftarnya.")
        sheet.faults = [told % {"count": len(table.rows), "limit": MOST_ROWS}]
    return sheet


class _Reader:
    def __init__(self, city: City) -> None:
        self.sheet = MemberSheet()
        self.lines: dict[str, int] = {}
        self.known = {
            *map(comparable, city.memberships.values_list("user__email", flat=True)),
            *map(comparable, city.invitations.open().values_list("email", flat=True)),
        }
        self.opds = {opd.name.casefold(): opd for opd in city.opds.active()}
        by_code = {code.casefold(): opd for code, opd in opds_by_agency(city).items()}
        self.opds |= by_code
        self.by_number = codes_by_number(by_code)

    def read(self, row: Row) -> None:
        if all(is_empty(cell) for cell in row.cells):
            return
        faults = len(self.sheet.faults)
        name, email, role = (self.text(row, column) for column in (NAME, EMAIL, ROLE))
        opd = self.opd_text(row)
        self.check_name(row, name)
        email = self.cleaned(row, email)
        guest = Guest(email, name, *self.part(row, role, opd))
        if len(self.sheet.faults) > faults:
            return
        if email in self.known:
            self.sheet.known.append(email)
        else:
            self.sheet.guests.append(guest)

    def fault(self, row: Row, column: str, message: str, **params: object) -> None:
        told = message % params if params else message
        self.sheet.faults.append(str(row.fault(TITLES.index(column), told)))

    def text(self, row: Row, column: str) -> str:
        cell = row.cells[TITLES.index(column)]
        if isinstance(cell, Twofold):
            self.fault(row, column, _("Terbaca sebagai angka; format selnya sebagai teks."))
            return ""
        if isinstance(cell, Uncomputed):
            self.fault(row, column, _("Rumus belum dihitung; tulis isinya sebagai teks."))
            return ""
        return "" if cell is None else " ".join(str(cell).split())

    def opd_text(self, row: Row) -> str:
        """A code typed as a number may be two codes: 1.10 has become 1.1, and 07 is 7."""
        cell = row.cells[TITLES.index(OPD)]
        if not isinstance(cell, Decimal):
            return self.text(row, OPD)
        try:
            return code_of_number(cell, self.by_number)
        except UnknownCodeError as error:
            return error.code
        except CellError as error:
            self.fault(row, OPD, str(error))
            return ""

    def check_name(self, row: Row, name: str) -> None:
        if not name:
            self.fault(row, NAME, _("Nama kosong; isi nama orangnya."))
        elif len(name) > LONGEST_NAME:
            self.fault(row, NAME, _("Nama paling panjang %(limit)d huruf."), limit=LONGEST_NAME)

    def cleaned(self, row: Row, text: str) -> str:
        try:
            email = clean_email(text)
        except ValidationError as error:
            self.fault(row, EMAIL, error.messages[0])
            return ""
        if email in self.lines:
            told = _("%(email)s sudah ada di baris %(first)d.")
            self.fault(row, EMAIL, told, email=shown(email), first=self.lines[email])
        self.lines.setdefault(email, row.line)
        return email

    def part(self, row: Row, role: str, opd: str) -> tuple[str, Opd | None]:
        """The role and, for the staff of an OPD, which one."""
        found = self.opds.get(opd.casefold())
        if opd and found is None:
            told = _("%(opd)s bukan OPD aktif kota ini; pakai kode atau namanya.")
            self.fault(row, OPD, told, opd=shown(opd))
        chosen = _role(role) if role else (Role.OPD if opd else None)
        if chosen is None:
            roles = ", ".join(str(one.label) for one in Role)
            told = _("Peran %(role)s tidak dikenal; pilih salah satu: %(roles)s.")
            told = told if role else _("Peran kosong; pilih salah satu: %(roles)s.")
            self.fault(row, ROLE, told, role=shown(role), roles=roles)
            return "", None
        if chosen == Role.OPD and not opd:
            self.fault(row, OPD, _("OPD kosong; peran OPD memerlukan sebuah OPD."))
        if chosen != Role.OPD and opd:
            told = _("Peran %(role)s tidak memiliki OPD; kosongkan, atau ubah perannya.")
            self.fault(row, OPD, told, role=chosen.label)
        return chosen, found


def _role(text: str) -> Role | None:
    wanted = text.casefold()
    roles: Iterator[Role] = (
        role for role in Role if wanted in (role.value, str(role.label).casefold())
    )
    return next(roles, None)
