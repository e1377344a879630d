"""A city in the middle of its year, and how to look at all of it at once."""

import hashlib
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q

from assessments import scoring
from assessments.choices import OFFICIAL_KINDS, ScoreKind, Stage, Verdict
from assessments.models import (
    Activity,
    Answer,
    Assessment,
    ClusterScore,
    Evidence,
    IndicatorScore,
    StageScore,
    TotalScore,
)
from assessments.services.answers import save_claim
from assessments.services.documents import CheckedFile, DocumentFacts, upload_documents
from assessments.services.overtaken import Overtaken
from assessments.services.transitions import advance_stage, reopen_stage, submit_assessment
from assessments.stages import following, preceding
from assessments.validators import FileFacts
from cities.models import Opd
from clusters.services import spec_of
from tests.factories.assessments import NOW, open_year
from tests.factories.cities import CityFactory, MembershipFactory, OpdFactory, SiteAdminFactory

OPD_CODES = ("DP3A", "DINKES", "DISDIK")


def later(minutes=1):
    return NOW + timedelta(minutes=minutes)


def city_with_opds(**fields):
    city = CityFactory(**fields)
    for code in OPD_CODES:
        OpdFactory(city=city, code=code, name=f"Dinas {code}")
    return city


def working_year(**fields):
    """An open year whose questions are with the OPDs that the instrument names.

    DP3A leads 1.1 and contributes to 1.2, DISDIK leads 1.2, DINKES leads 2a.2 and 2b.1;
    nobody holds 2a.1.
    """
    return open_year(city=fields.pop("city", None) or city_with_opds(), **fields)


def staff_of(assessment, opd_code):
    opd = Opd.objects.get(city=assessment.city, code=opd_code)
    return MembershipFactory(of_opd=True, city=assessment.city, opd=opd)


def reviewer_of(assessment, **fields):
    return MembershipFactory(verifikator=True, city=assessment.city, **fields)


def secretary_of(row, **fields):
    """Somebody of the Gugus Tugas, who may answer and review; `row` is a year or a question."""
    city = row.city if isinstance(row, Assessment) else row.assessment.city
    person = {f"user__{name}": value for name, value in fields.items()}
    return MembershipFactory(gugus_tugas=True, city=city, **person).user


def admin_of(assessment):
    """The city's administrator, who may open, change and reopen its years."""
    return MembershipFactory(admin_kota=True, city=assessment.city).user


def checked(content=b"isi surat", name="surat.pdf", media_type="application/pdf"):
    """A file as the form hands it on, without looking into it."""
    digest = hashlib.sha256(content).hexdigest()
    facts = FileFacts(media_type, name.rpartition(".")[2], len(content), digest)
    return CheckedFile(ContentFile(content, name), facts)


def hand_in(answer, *, by=None, at=NOW, files=None, kind=None, opd=None, **said):
    """Upload through the service; one file of the first kind asked for unless told.

    Without `by` the secretariat does. As on the page, it is handed in for the person's own OPD.
    """
    by = by or secretary_of(answer)
    return upload_documents(
        answer_id=answer.pk,
        files=files or [checked()],
        kind=kind or answer.question.evidence_kinds.first(),
        said=DocumentFacts(**said),
        opd=opd or opd_of(by, answer),
        by=by,
        at=at,
    )


def opd_of(person, answer):
    """The OPD that the person works for in the city of the question, if any."""
    member = person.memberships.filter(city=answer.assessment.city).first()
    return member.opd if member else None


def claim(answer, points, *, by=None, at=NOW, seen_at=None, **fields):
    return save_claim(
        answer_id=answer.pk,
        points=None if points is None else Decimal(points),
        value=fields.get("value"),
        choice=fields.get("choice", ""),
        note=fields.get("note", ""),
        seen_at=seen_at,
        by=by or secretary_of(answer),
        at=at,
    )


def set_stage(*, assessment_id, stage, at, by=None):
    """Walk the year to a stage through the deeds that move it, one step at a time."""
    by = by or SiteAdminFactory()
    now = Stage(Assessment.objects.values_list("stage", flat=True).get(pk=assessment_id))
    if stage in preceding(now):
        return reopen_stage(
            assessment_id=assessment_id, seen=now, stage=stage, reason="Perbaikan", by=by, at=at
        )
    while now != stage:
        if now == Stage.SELF_ASSESSMENT:
            submit_assessment(assessment_id=assessment_id, by=by, at=at)
        else:
            advance_stage(assessment_id=assessment_id, seen=now, by=by, at=at)
        now = following(now)
    return Assessment.objects.get(pk=assessment_id)


def stored_files():
    """Everything below MEDIA_ROOT, as paths from there."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


# Whose rows a refused deed must leave as they were.
OURS = (
    "assessments",
    "registers",
    "territories",
    "facilities",
    "childdata",
    "regulations",
    "meetings",
    "taskforce",
    "plans",
    "monitoring",
    "public",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
)


def everything(*, but=()):
    """Every row of the application and every file, to be compared with itself later."""
    models = [
        model
        for package in OURS
        for model in apps.get_app_config(package).get_models()
        if model not in but
    ]
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows, stored_files()


@contextmanager
def refused(code):
    """The deed inside is refused with this code, and no row and no file is any different."""
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        yield refusal
    assert refusal.value.code == code
    assert everything() == before


@contextmanager
def overtaken(code):
    """The deed inside comes second: refused with this code, and nothing but the trail tells of it."""
    before, lines = everything(but=[Activity]), Activity.objects.count()
    with pytest.raises(Overtaken) as refusal:
        yield refusal
    assert refusal.value.code == code
    assert everything(but=[Activity]) == before
    assert Activity.objects.count() == lines + 1


def history(assessment):
    """The deeds of a year, oldest first, with who and when."""
    rows = assessment.activities.order_by("at", "pk")
    return [(row.deed, row.detail, row.by, row.at) for row in rows]


def points_of(assessment, kind):
    """The points that count for a kind, straight from the rows, by question code."""
    answers = Answer.objects.filter(assessment=assessment)
    if kind == ScoreKind.CLAIMED:
        return dict(answers.values_list("question__code", "claimed_points"))
    if kind == ScoreKind.EVIDENCED:
        proven = Evidence.objects.filter(verdict=Verdict.ACCEPTED).values_list("answer", flat=True)
        answers = answers.filter(pk__in=set(proven))
        return dict(answers.values_list("question__code", "granted_points"))
    rows = StageScore.objects.filter(Q(kind=kind) & Q(answer__assessment=assessment))
    return dict(rows.values_list("answer__question__code", "points"))


def stored_scores(assessment, kind):
    """What the tables of totals say of one kind, in the shape of `computed_scores`."""
    of_kind = {"assessment": assessment, "kind": kind}
    total = TotalScore.objects.get(**of_kind)
    clusters = ClusterScore.objects.filter(**of_kind).values_list("cluster__code", "points")
    indicators = IndicatorScore.objects.filter(**of_kind).values_list("indicator__code", "points")
    return {
        "total": (total.points, total.predikat or None, total.in_gap, total.answered),
        "clusters": dict(clusters),
        "indicators": dict(indicators),
    }


def computed_scores(assessment, kind, spec=None):
    score = scoring.score(spec or spec_of(assessment.instrument), points_of(assessment, kind))
    return {
        "total": (score.total, score.predikat, score.in_gap, score.answered),
        "clusters": {line.code: line.points for line in score.clusters},
        "indicators": {line.code: line.points for line in score.indicators},
    }


def assert_scores_are_right(assessment, spec=None):
    """Every stored number of the year is what the arithmetic makes of its answers."""
    spec = spec or spec_of(assessment.instrument)
    kinds = (ScoreKind.CLAIMED, ScoreKind.EVIDENCED, *OFFICIAL_KINDS)
    stored = {kind: stored_scores(assessment, kind) for kind in kinds}
    assert stored == {kind: computed_scores(assessment, kind, spec) for kind in kinds}
