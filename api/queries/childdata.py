"""Numbers of children, as the interface tells of them: of places, never of a child."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from api.answers.childdata import (
    ChildProfile,
    ChildTable,
    CountEntry,
    OpenCount,
    ProfilePart,
    ProfileVariable,
    ProfileYear,
    UnitCount,
    VariableEntry,
)
from childdata.choices import Sex
from childdata.queries.boards import PlaceBoard, VariableRow, boards
from childdata.queries.open_data import HEADER, open_data
from childdata.queries.profile import ProfileRow, profile_of
from childdata.tables import lines_of, sum_of
from cities.models import Membership
from registers.contract import YearCount


def variable_entries(member: Membership, year: int) -> list[VariableEntry]:
    """The variables that the member may see, by cluster; six queries."""
    return [_variable(row) for board in boards(member, year) for row in board.rows]


def _variable(row: VariableRow) -> VariableEntry:
    one, units = row.variable, row.units
    return VariableEntry(
        code=one.code,
        title=one.title,
        concept=one.concept,
        definition=one.definition,
        formula=one.formula,
        unit_of_count=one.unit,
        cluster=one.cluster,
        period=one.period,
        breakdowns=list(one.breakdowns),
        within=one.within or None,
        producer=one.producer,
        opd=row.opd.code if row.opd else None,
        total=row.total,
        total_before=row.total_before,
        units=row.told + units.missing,
        units_told=row.told,
        units_total=units.units_total,
        lacks=row.lacks,
    )


def child_table(board: PlaceBoard) -> ChildTable:
    """What the page of the variable at its place shows; without a query."""
    now, before = board.now, board.before
    return ChildTable(
        variable=board.variable.code,
        title=board.variable.title,
        year=board.year,
        unit=board.unit.code if board.unit else None,
        unit_name=board.unit.full_name if board.unit else None,
        total=sum_of(now.counts) if now else None,
        total_before=sum_of(before.counts) if before else None,
        counts=list(_counts(board)),
        units=[
            UnitCount(one.unit.code, one.unit.name, one.total, one.total_before)
            for one in board.below
        ],
        difference=board.units.difference if board.below else None,
        # One of another difference than the present is of a state that is no more.
        explanation=now.explanation if now and board.is_explained else "",
        source=now.source if now else "",
        note=now.note if now else "",
        recorded_at=now.at if now else None,
        recorded_by=now.by.name if now else None,
    )


def _counts(board: PlaceBoard) -> Iterator[CountEntry]:
    now = board.now.counts if board.now else {}
    before = board.before.counts if board.before else {}
    for cell in (cell for line in lines_of(board.variable) for cell in line.cells):
        if cell in now or cell in before:
            yield CountEntry(
                sex=Sex(cell.sex) if cell.sex else None,
                age=cell.age or None,
                disability=cell.disability,
                count=now.get(cell),
                before=before.get(cell),
            )


def child_profile(member: Membership, year: int) -> ChildProfile:
    """What the member may see of the year and the one before; three queries."""
    profile = profile_of(member, year)
    return ChildProfile(
        years=list(profile.years),
        clusters=[
            ProfilePart(part.code, part.name, part.whole, [_profiled(row) for row in part.rows])
            for part in profile.clusters
        ],
    )


def _profiled(row: ProfileRow) -> ProfileVariable:
    one = row.variable
    years = [_year(told) for told in row.years]
    return ProfileVariable(one.code, one.title, one.unit, one.within or None, years)


def _year(told: YearCount) -> ProfileYear:
    counted = told.counted
    if counted is None:
        return ProfileYear(told.year, None, None, None, None)
    return ProfileYear(told.year, counted.male, counted.female, counted.total, told.value)


def open_counts(member: Membership, year: int, *, small: int) -> list[OpenCount]:
    """The lines of the open data of the year, small numbers kept back as there."""
    rows = open_data(member, year, small=small)
    return [_open(dict(zip(HEADER, row, strict=True))) for row in rows]


def _open(row: dict[str, str | int]) -> OpenCount:
    count, share = row["jumlah"], row["persen"]
    return OpenCount(
        variable=str(row["kode_variabel"]),
        title=str(row["variabel"]),
        producer=str(row["produsen"]),
        source=str(row["sumber"]),
        year=int(row["tahun"]),
        unit=str(row["kode_wilayah"]) or None,
        place=str(row["wilayah"]),
        sex=str(row["jenis_kelamin"]),
        age=str(row["kelompok_umur"]),
        disability=str(row["disabilitas"]),
        count=None if count == "" else int(count),
        share=None if share == "" else Decimal(share),
        remark=str(row["keterangan"]),
    )
