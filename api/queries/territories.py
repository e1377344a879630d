"""Units with what was declared, changed, rated and visited, as the interface tells of them."""

from __future__ import annotations

from collections.abc import Iterable

from api.answers.territories import (
    CriteriaFault,
    CriteriaSetDetail,
    CriteriaSetEntry,
    CriterionEntry,
    DeclarationDetail,
    DeclarationDocument,
    DeclarationEntry,
    DeclaredUnit,
    RatedUnit,
    RatingCount,
    RatingRule,
    SampleEntry,
    UnitChangeEntry,
    UnitHistory,
    UnitName,
    UnitRatings,
    VisitedUnit,
    VisitSampleDetail,
)
from assessments.models import Assessment, SupportingDocument
from cities.models import City, Membership
from territories.choices import ChangeKind, DeclarationKind, UnitLevel
from territories.criteria import Criterion
from territories.models import Declaration, DeclarationFile, Unit, UnitChange, VisitSample
from territories.queries.boards import ReportingYear, history_of
from territories.queries.criteria import KnownSet, known_sets
from territories.queries.declarations import DeclaredUnit as Declared
from territories.queries.declarations import declarations_of, declared_units
from territories.queries.ratings import rating_overview, visits_of
from territories.rating import Rating


def declared_entries(member: Membership, assessment: Assessment) -> list[DeclaredUnit]:
    """Every unit that the member may see, by code; two queries."""
    return [_declared(row) for row in declared_units(member, assessment)]


def _declared(row: Declared) -> DeclaredUnit:
    unit = row.unit
    return DeclaredUnit(
        code=unit.code,
        name=unit.name,
        level=UnitLevel(unit.level),
        district=unit.parent.code if unit.parent else None,
        is_declared=row.is_declared,
        is_decreed=row.is_decreed,
        declarations=[_declaration(one) for one in row.declarations],
    )


def _declaration(one: Declaration) -> DeclarationEntry:
    return DeclarationEntry(one.pk, DeclarationKind(one.kind), one.on, one.number)


def unit_history(unit: Unit, member: Membership) -> UnitHistory:
    """What its page shows; five queries, one more where a document is sensitive."""
    declarations = list(declarations_of(unit))
    files = [file.document for one in declarations for file in one.files.all()]
    openable = SupportingDocument.objects.openable_keys(files, member)
    return UnitHistory(
        unit=unit.code,
        name=unit.name,
        declarations=[
            DeclarationDetail(
                declaration=_declaration(one),
                place=one.place,
                signatories=[line for line in one.signatories.splitlines() if line.strip()],
                documents=[
                    _document(file, is_openable=file.document_id in openable)
                    for file in one.files.all()
                ],
            )
            for one in declarations
        ],
        changes=[_change(one) for one in history_of(unit)],
    )


def _document(file: DeclarationFile, *, is_openable: bool) -> DeclarationDocument:
    document = file.document
    return DeclarationDocument(
        id=document.pk,
        name=document.original_name,
        is_ready=document.preview is not None,
        is_openable=is_openable,
    )


def _change(one: UnitChange) -> UnitChangeEntry:
    return UnitChangeEntry(
        kind=ChangeKind(one.kind),
        on=one.on,
        basis=one.basis,
        former_name=one.former_name,
        before=_names(one.before.all()),
        after=_names(one.after.all()),
    )


def _names(units: Iterable[Unit]) -> list[UnitName]:
    return [UnitName(unit.code, unit.name) for unit in units]


def unit_ratings(member: Membership, reporting: ReportingYear) -> UnitRatings:
    """What the page of ratings shows; its five queries."""
    overview = rating_overview(member, reporting)
    rules = overview.rules
    return UnitRatings(
        data_year=reporting.year,
        as_of=reporting.as_of,
        source=rules.source,
        rules=[RatingRule(rule.level, rule.at_least, rule.codes) for rule in rules.levels],
        unknown=list(overview.unknown),
        counts=[
            RatingCount(code, label, {level.value: count for level, count in counts})
            for code, label, counts in overview.lines
        ],
        units=[
            _rated(unit, rating) for _district, rows in overview.districts for unit, rating in rows
        ],
    )


def _rated(unit: Unit, rating: Rating) -> RatedUnit:
    return RatedUnit(
        code=unit.code,
        name=unit.name,
        district=unit.parent.code if unit.parent else None,
        rating=rating.code,
        rating_name=rating.label,
        surely=rating.surely,
        at_best=rating.at_best,
        asked=rating.asked,
        favourable=rating.favourable,
        missing=list(rating.missing),
    )


def criteria_sets(city: City, reporting: ReportingYear) -> list[CriteriaSetEntry]:
    """Those that come with the project, then the city's own; one query."""
    return [_set(one, reporting) for one in known_sets(city, reporting.criteria)]


def criteria_set_detail(known: KnownSet, reporting: ReportingYear) -> CriteriaSetDetail:
    """What its page shows; without a query."""
    return CriteriaSetDetail(
        criteria_set=_set(known, reporting),
        criteria=[_criterion(one) for one in known.criteria.criteria],
        faults=[CriteriaFault(one.place, one.message) for one in known.faults],
    )


def _set(known: KnownSet, reporting: ReportingYear) -> CriteriaSetEntry:
    one, own = known.criteria, known.own
    return CriteriaSetEntry(
        code=one.code,
        title=one.title,
        instrument=one.instrument,
        source=one.source,
        number=own.number if own else None,
        published_at=own.published_at if own else None,
        criteria=len(one.criteria),
        data_year=reporting.year,
        in_force=known.is_chosen,
    )


def _criterion(one: Criterion) -> CriterionEntry:
    return CriterionEntry(
        code=one.code,
        level=one.level,
        text=one.text,
        kind=one.kind,
        direction=one.direction,
        threshold=one.threshold,
        adverse=one.adverse,
        evidence=one.evidence,
        required=one.required,
        certainty=one.certainty,
    )


def visit_sample(member: Membership, reporting: ReportingYear) -> VisitSampleDetail:
    """Which units are visited, and which were to be before; five queries."""
    visits = visits_of(member, reporting)
    sample = visits.sample
    return VisitSampleDetail(
        data_year=reporting.year,
        sample=_sample(sample) if sample else None,
        fits_its_seed=visits.fits_its_seed if sample and sample.is_drawn else None,
        units=[
            VisitedUnit(_rated(unit, rating), unit.head, unit.contact)
            for unit, rating in visits.rows
        ],
        earlier=[_sample(one) for one in visits.earlier],
    )


def _sample(one: VisitSample) -> SampleEntry:
    return SampleEntry(
        number=one.number,
        at=one.at,
        by=one.by.name,
        reason=one.reason,
        seed=one.seed or None,
        per_district=one.per_district,
        drawn_from=len(one.pool) if one.is_drawn else None,
        units=[unit.code for unit in one.units.all()],
    )
