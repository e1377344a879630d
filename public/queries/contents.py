"""What a part of the public page would say: made from what is frozen, field by field.

Scores come from the year as it was frozen at its submission and from published awards. What the
registers know is copied as far as it was there on the day of submission. Only the fields of
`sections.COLUMNS` are copied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from actionplan.models import ActionPlan
from assessments.choices import ScoreKind, Stage
from assessments.matrices.specs import evaluated_years
from assessments.models import Assessment, Award, Snapshot
from assessments.services.snapshots import number
from childdata.queries.open_data import HEADER, open_data
from cities.models import Membership
from clusters.models import Question
from facilities.choices import CredentialKind
from facilities.models import Facility
from facilities.queries.standing import standings
from facilities.types import catalogue
from monitoring.models import Realisation
from monitoring.queries.board import YearRow, monitoring
from public.personal import faults_of
from public.queries.names import known_names
from public.sections import COLUMNS, FREE_TEXT, PUBLIC_TYPES, Section
from taskforce.models import Commitment
from texts.languages import in_indonesian

FORMAT = 1
LEAST_HIDDEN = 5  # counts below this are never public, whatever the city's own setting says
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A year as it was submitted: whose eyes look, and the day until which the registers count."""

    member: Membership
    assessment: Assessment
    snapshot: Snapshot

    @property
    def day(self) -> date:
        return self.snapshot.at.astimezone(self.member.city.zone).date()

    @property
    def content(self) -> dict[str, Any]:
        return self.snapshot.content


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be released, with what stands in the way; `faults` are sentences."""

    section: Section
    content: dict[str, Any]
    faults: list[str]

    @property
    def checksum(self) -> str:
        return checksum(self.content)

    @property
    def is_empty(self) -> bool:
        return not self.content["rows"]


def checksum(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content as JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def frozen_year(member: Membership, assessment: Assessment) -> Frozen | None:
    """The newest submission of the year; None while the year is worked on."""
    if assessment.stage in (Stage.PREPARATION, Stage.SELF_ASSESSMENT):
        return None
    submitted = assessment.snapshots.filter(stage=Stage.SUBMITTED, left=Stage.SELF_ASSESSMENT)
    snapshot = submitted.order_by("number").last()
    return Frozen(member, assessment, snapshot) if snapshot else None


@in_indonesian
def draft_of(section: Section, year: Frozen) -> Draft:
    """A fixed number of queries for each part, at most nine."""
    facts, rows = MAKERS[section](year)
    named = [{field: row[field] for field in COLUMNS[section]} for row in rows]
    content = {
        "format": FORMAT,
        "section": section.value,
        "city": {"code": year.member.city.code, "name": year.member.city.name},
        "year": year.assessment.year,
        "submitted_on": year.day.isoformat(),
        "facts": facts,
        "rows": named,
    }
    return Draft(section, content, list(_faults(section, named, year)))


def _faults(section: Section, rows: Rows, year: Frozen) -> Iterator[str]:
    fields = FREE_TEXT.get(section, ())
    if not fields:
        return
    names = known_names(year.member.city_id)
    for place, row in enumerate(rows, 1):
        for field in fields:
            for fault in faults_of(str(row[field] or ""), names):
                facts = {"row": place, "field": COLUMNS[section][field], "fault": fault}
                yield _("Baris %(row)d, %(field)s memuat %(fault)s.") % facts


def _score(year: Frozen) -> tuple[dict[str, Any], Rows]:
    totals = year.content["totals"]
    rows = [
        {
            "jenis": str(kind.label),
            "nilai": totals[kind]["points"],
            "predikat": totals[kind]["predikat"],
            "sumber": _("nilai kota saat diajukan"),
        }
        for kind in (ScoreKind.CLAIMED, ScoreKind.EVIDENCED)
        if kind in totals
    ]
    award = Award.objects.filter(city=year.member.city_id, year=year.assessment.year).first()
    if award is not None:
        named = {"jenis": _("Penghargaan"), "nilai": number(award.points)}
        rows.insert(0, named | {"predikat": award.predikat, "sumber": award.source})
    bands = [
        {"predikat": one.predikat, "minimum": number(one.minimum)}
        for one in year.assessment.bands()
    ]
    facts = {
        "award": award.predikat if award else "",
        "points": totals.get(ScoreKind.EVIDENCED, {}).get("points"),
        "maximum": year.content["instrument"]["maximum"],
        "bands": bands,
    }
    return facts, rows


def _clusters(year: Frozen) -> tuple[dict[str, Any], Rows]:
    return {}, [
        {
            "klaster": one["label"],
            "nama": one["name"],
            "maksimum": one["maximum"],
            "diklaim": one["points"].get(ScoreKind.CLAIMED),
            "terbukti": one["points"].get(ScoreKind.EVIDENCED),
        }
        for one in year.content["clusters"]
    ]


def _done(year: Frozen) -> tuple[dict[str, Any], Rows]:
    """Of each indicator, how many questions were proven; the instrument never changes."""
    proven = {one["code"] for one in year.content["answers"] if one["is_proven"]}
    rows: dict[int, dict[str, Any]] = {}
    questions = Question.objects.filter(
        indicator__cluster__instrument=year.assessment.instrument_id
    ).select_related("indicator__cluster")
    for question in questions.order_by("indicator__cluster__position", "indicator__position", "pk"):
        indicator = question.indicator
        row = rows.setdefault(
            indicator.pk,
            {
                "klaster": indicator.cluster.label,
                "indikator": indicator.code,
                "nama": indicator.name,
                "terbukti": 0,
                "pertanyaan": 0,
            },
        )
        row["pertanyaan"] += 1
        row["terbukti"] += question.code in proven
    found = list(rows.values())
    return {"proven": len(proven), "questions": sum(one["pertanyaan"] for one in found)}, found


def _plan(year: Frozen) -> tuple[dict[str, Any], Rows]:
    """The plan of the later evaluated year, with what was reported of it until the submission."""
    of = evaluated_years(year.assessment.year)[1]
    plan = ActionPlan.objects.filter(city=year.member.city_id, at__lte=year.snapshot.at)
    found = plan.covering(of).select_related("city").first()
    if found is None:
        return {"year": of}, []
    board = monitoring(found, year.member, of, today=year.day)
    rows = [_action(row, year) for row in board.rows if row.action.at <= year.snapshot.at]
    facts = {
        "year": of,
        "title": found.title,
        "ceiling": sum(row["pagu"] or 0 for row in rows),
        "spent": sum(row["realisasi"] or 0 for row in rows),
    }
    return facts, rows


def _action(row: YearRow, year: Frozen) -> dict[str, Any]:
    target = row.year.target if row.year else None
    report = _report_until(row, year)
    return {
        "nomor": row.action.number,
        "klaster": row.action.indicator.cluster.label,
        "aksi": row.action.name,
        "ukuran": row.action.measure,
        "target": number(target),
        "satuan": row.action.unit,
        "pagu": row.ceiling,
        "realisasi": report.money if report else None,
        "fisik": number(report.physical) if report else None,
    }


def _report_until(row: YearRow, year: Frozen) -> Realisation | None:
    """The last report of the last quarter that had come in by the submission."""
    reports = row.year.realisations.all() if row.year else ()
    known = [one for one in reports if one.at <= year.snapshot.at]
    return max(known, key=lambda one: (one.quarter, one.revision), default=None)


def _children(year: Frozen) -> tuple[dict[str, Any], Rows]:
    """Both evaluated years as they leave as open data, so that no two tables give away a small cell."""
    years = evaluated_years(year.assessment.year)
    small = max(settings.KLA_SMALL_CELL, LEAST_HIDDEN)
    lines = open_data(year.member, *years, small=small)
    rows = [dict(zip(HEADER, line, strict=True)) for line in lines]
    return {"years": list(years), "small": small}, rows


def _facilities(year: Frozen) -> tuple[dict[str, Any], Rows]:
    """Those of the last day of the documents; neither address nor contact."""
    day = year.assessment.evidence_to
    there = Facility.objects.filter(city=year.member.city_id, type__in=PUBLIC_TYPES).active_on(day)
    ordered = there.select_related("unit__parent").order_by("type", "unit__code", "name", "pk")
    rows = [
        {
            "jenis": catalogue().types[one.facility.type].title,
            "nama": one.facility.name,
            "wilayah": one.facility.unit.full_name if one.facility.unit else "",
            "kecamatan": _kecamatan(one.facility),
            "standar": one.in_force(CredentialKind.STANDARD) is not None,
        }
        for one in standings(ordered, day)
    ]
    return {"day": day.isoformat(), "certified": sum(one["standar"] for one in rows)}, rows


def _kecamatan(facility: Facility) -> str:
    parent = facility.unit.parent if facility.unit else None
    return parent.name if parent else ""


def _commitments(year: Frozen) -> tuple[dict[str, Any], Rows]:
    """The promise itself; neither who signed it nor what was written of it since."""
    made = Commitment.objects.filter(city=year.member.city_id, made_on__lte=year.day)
    return {}, [
        {
            "pihak": one.get_sector_display(),
            "lembaga": one.party,
            "komitmen": one.text,
            "tanggal": one.made_on.isoformat(),
            "sampai": one.due_on.isoformat() if one.due_on else None,
        }
        for one in made.order_by("sector", "made_on", "pk")
    ]


MAKERS: Mapping[Section, Callable[[Frozen], tuple[dict[str, Any], Rows]]] = {
    Section.SCORE: _score,
    Section.CLUSTERS: _clusters,
    Section.DONE: _done,
    Section.PLAN: _plan,
    Section.CHILDREN: _children,
    Section.FACILITIES: _facilities,
    Section.COMMITMENTS: _commitments,
}
