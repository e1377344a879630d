"""The stages of a year, what was frozen between them, and the trails, told by the interface."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.choices import ScoreKind, Stage
from assessments.models import Activity, Assessment, Snapshot, StageScore
from assessments.services.review import accept_evidence
from assessments.services.snapshots import checksum
from assessments.services.waivers import waive_kind
from assessments.stages import ACTION_LABELS, STAGE_ACTIONS, StageAction
from cities.models import CityActivity, CityTrailEvent
from cities.services.activity import NewEntry, record
from tests.api.conftest import frozen
from tests.assessments.situations import NOW, claim, later, secretary_of, set_stage, working_year
from tests.factories.api import key_of
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.clusters import small_spec

HOLES = {"claimed": None, "granted": None, "documents": [], "waivers": []}


def read(world, rest, who="pimpinan", **query):
    answer = world.ask(who, f"{world.year}{rest}", data=query or None)
    return answer.json() if answer.status_code == 200 else answer.status_code


def other_year():
    return working_year(spec=small_spec(code="lain-2026"))


# --- Stages -----------------------------------------------------------------------------------


def test_stages_tell_where_the_year_stands_and_what_each_of_them_allows(world):
    told = read(world, "stages/")

    assert (told["current"], told["sentence"]) == (
        "self_assessment",
        world.assessment.standing_sentence,
    )
    assert [(one["stage"], one["is_past"], one["is_current"]) for one in told["stages"]] == [
        (stage.value, stage == Stage.PREPARATION, stage == Stage.SELF_ASSESSMENT) for stage in Stage
    ]
    assert told["stages"][-1] == {
        "stage": "closed",
        "name": "Ditutup",
        "is_current": False,
        "is_past": False,
        "actions": [{"code": "comment", "name": "berdiskusi tentang pertanyaan"}],
    }
    assert [one["code"] for one in told["stages"][1]["actions"]] == [
        action for action in StageAction if action in STAGE_ACTIONS[Stage.SELF_ASSESSMENT]
    ]
    assert set(ACTION_LABELS) == set(StageAction)


def test_stages_tell_what_moved_the_year_the_newest_first_and_nothing_else_that_was_done(world):
    year, people = world.assessment, world.people
    claim(world.answer, "1.5", by=people["gugus_tugas"])
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, by=people["gugus_tugas"], at=later())
    set_stage(
        assessment_id=year.pk, stage=Stage.SELF_ASSESSMENT, by=people["admin_kota"], at=later(2)
    )
    set_stage(assessment_id=other_year().pk, stage=Stage.SUBMITTED, at=later(3))

    told = read(world, "stages/")

    assert [(one["deed"], one["by"]) for one in told["history"]] == [
        ("stage_reopened", people["admin_kota"].name),
        ("assessment_submitted", people["gugus_tugas"].name),
        ("assessment_opened", year.activities.last().by.name),
    ]
    reopened = told["history"][0]
    assert (reopened["deed_name"], reopened["at"]) == (
        "membuka kembali tahap penilaian",
        "2026-03-02T03:02:00Z",
    )
    assert "Perbaikan" in reopened["detail"]


# --- Snapshots --------------------------------------------------------------------------------


def test_snapshots_come_in_pages_with_the_checksum_of_each(world):
    year = world.assessment
    second = frozen(year)
    frozen(other_year())

    first_page = read(world, "snapshots/", limit=1)
    second_page = read(world, "snapshots/", limit=1, cursor=first_page["next"])

    assert [one["number"] for one in first_page["items"]] == [1]
    assert second_page == {
        "items": [
            {
                "number": 2,
                "left": "preparation",
                "left_name": "Persiapan",
                "stage": "self_assessment",
                "stage_name": "Evaluasi mandiri",
                "at": "2026-03-02T03:00:00Z",
                "by": "Pembuka",
                "checksum": second.checksum,
            }
        ],
        "next": None,
    }


@pytest.fixture
def filled(world):
    """1.2 claimed with an accepted document, without its other kind, and 10 points by VA."""
    author, reviewer = world.people["gugus_tugas"], secretary_of(world.assessment, name="Siti")
    claim(world.answer, "20", by=author)
    accept_evidence(
        evidence_id=world.evidence.pk, granted_points=Decimal("13.2"), by=reviewer, at=NOW
    )
    kind = world.answer.question.evidence_kinds.exclude(pk=world.evidence.kind_id).first()
    waive_kind(answer_id=world.answer.pk, kind=kind, reason="Tidak ada", by=reviewer, at=NOW)
    StageScore.objects.create(
        answer=world.answer, kind=ScoreKind.VA, points=10, entered_at=NOW, entered_by=reviewer
    )
    return kind


def test_a_snapshot_tells_what_was_frozen_whatever_became_of_the_year(world, filled):
    snapshot = frozen(world.assessment)
    world.answer.refresh_from_db()
    claim(world.answer, "1", seen_at=world.answer.claimed_at)

    told = read(world, "snapshots/2/")

    assert (told["is_intact"], told["snapshot"]["checksum"]) == (True, snapshot.checksum)
    assert (told["instrument"], told["instrument_title"]) == (
        world.assessment.instrument.code,
        world.assessment.instrument.title,
    )
    assert [one["kind"] for one in told["totals"]] == ScoreKind.values
    assert [one["points"] for one in told["totals"][:2]] == ["20", "13.2"]
    assert told["totals"][0] == {
        "kind": "claimed",
        "points": "20",
        "predikat": snapshot.content["totals"]["claimed"]["predikat"],
        "answered": 1,
    }
    assert [one["claimed"] for one in told["clusters"]].count("20") == 1
    assert told["answers"][0] == {"code": "1.1"} | HOLES
    assert told["answers"][1] == {
        "code": "1.2",
        "claimed": "20",
        "granted": "13.2",
        "documents": [
            {
                "title": world.evidence.document.title,
                "kind": world.evidence.kind.code,
                "verdict": "accepted",
                "link": None,
                "seen_on": None,
            }
        ],
        "waivers": [
            {"kind": filled.code, "name": filled.name, "reason": "Tidak ada", "by": "Siti"}
        ],
    }
    assert told["official"] == [
        {
            "question": "1.2", "indicator": None, "kind": "VA", "points": "10", "source": "",
            "by": "Siti",
        }
    ]  # fmt: skip


def test_a_snapshot_names_the_page_of_a_link_and_of_a_sensitive_one_its_title_alone(world):
    for title, sensitivity in (("Berita", ""), ("Rahasia", "child")):
        EvidenceFactory(
            answer=world.answer,
            document__title=title,
            document__link=True,
            document__sensitivity=sensitivity,
        )
    frozen(world.assessment)

    documents = read(world, "snapshots/2/")["answers"][1]["documents"]

    told = {one["title"]: (one["link"], one["seen_on"]) for one in documents}
    del told[world.evidence.document.title]
    assert told == {
        "Berita": ("https://jdih.kota.go.id/sk-12", "2026-03-02"),
        "Rahasia": (None, None),
    }


def test_a_snapshot_that_was_changed_says_so_and_one_of_the_first_format_is_still_told(world):
    content = Snapshot.objects.get(pk=world.snapshot.pk).content
    for answer in content["answers"]:
        del answer["waivers"], answer["official_entries"]
    del content["official_indicators"]
    Snapshot.objects.filter(pk=world.snapshot.pk).update(content=content)

    changed = read(world, "snapshots/1/")
    Snapshot.objects.filter(pk=world.snapshot.pk).update(checksum=checksum(content))
    old = read(world, "snapshots/1/")

    assert (changed["is_intact"], old["is_intact"]) == (False, True)
    assert old["official"] == []
    assert {"code": "1.1"} | HOLES in old["answers"]
    assert read(world, "snapshots/2/") == 404


# --- The trail of a year ----------------------------------------------------------------------


def test_the_trail_of_a_year_tells_each_deed_with_what_it_changed_and_its_hash(world):
    claim(world.answer, "1.5", by=world.people["gugus_tugas"])
    entry = Activity.objects.order_by("pk").last()
    claim(answer_of(other_year(), "1.2"), "2")

    told = read(world, "trail/", who="admin_kota")["items"]

    assert [one["position"] for one in told] == [*range(1, entry.position + 1)]
    assert told[-1] == {
        "position": entry.position,
        "deed": "claim_saved",
        "deed_name": "mengisi klaim",
        "question": "1.2",
        "detail": entry.detail,
        "changes": [
            {"label": one.label, "before": one.before, "after": one.after} for one in entry.changes
        ],
        "by": world.people["gugus_tugas"].name,
        "at": "2026-03-02T03:00:00Z",
        "address": None,
        "hash": entry.hash,
    }
    assert {"label": "Nilai", "before": "–", "after": "1,5"} in told[-1]["changes"]
    assert told[0]["question"] is None


def test_a_trail_comes_in_pages_in_which_new_entries_hide_nothing(world):
    claim(world.answer, "1", by=world.people["gugus_tugas"])
    first = read(world, "trail/", who="admin_kota", limit=1)
    claim(answer_of(world.assessment, "1.1"), "2", by=world.people["gugus_tugas"])
    rest = read(world, "trail/", who="admin_kota", cursor=first["next"])

    seen = [one["hash"] for one in first["items"] + rest["items"]]
    entries = world.assessment.activities.order_by("position")
    assert seen == [*entries.values_list("hash", flat=True)]
    assert rest["next"] is None


def test_a_trail_is_narrowed_as_its_page_is_and_what_it_does_not_know_is_refused(world):
    claim(world.answer, "1", by=world.people["gugus_tugas"])
    claim(answer_of(world.assessment, "1.1"), "1", at=NOW + timedelta(days=2))

    def found(**query):
        return [
            one["question"]
            for one in read(world, "trail/", who="admin_kota", **query)["items"]
            if one["deed"] == "claim_saved"
        ]

    assert found() == ["1.2", "1.1"]
    assert found(pertanyaan="1.2") == found(sampai="2026-03-03") == ["1.2"]
    assert found(dari="2026-03-03") == ["1.1"]
    assert found(aktivitas="assessment_opened") == []
    for query in ({"aktivitas": "menari"}, {"dari": "kemarin"}, {"q": "\0"}):
        assert read(world, "trail/", who="admin_kota", **query) == 422


@pytest.mark.parametrize("who", ["gugus_tugas", "pimpinan", "verifikator", "opd_own"])
def test_who_reads_no_trail_on_pages_reads_none_here(world, who):
    assert read(world, "trail/", who=who) == 403
    assert world.ask(who, f"{world.city}trail/").status_code == 403


# --- The trail of a city ----------------------------------------------------------------------


def changed(city, name, **facts):
    entry = NewEntry(
        CityTrailEvent.OPD_CHANGED, name, before={"name": "Dinas"}, after={"name": name} | facts
    )
    record(entry, city=city, by=secretary_of(Assessment.objects.get(city=city)), at=NOW)


def test_the_trail_of_a_city_tells_its_own_deeds_alone(world):
    city = world.assessment.city
    changed(city, "Dinas Pendidikan")
    changed(other_year().city, "Bocor")
    entry = CityActivity.objects.get(city=city)

    told = world.ask("admin_kota", f"{world.city}trail/").json()

    assert told == {
        "items": [
            {
                "position": 1,
                "deed": "opd_changed",
                "deed_name": "mengubah data OPD",
                "target": "Dinas Pendidikan",
                "changes": [{"label": "Nama", "before": "Dinas", "after": "Dinas Pendidikan"}],
                "by": entry.by.name,
                "at": "2026-03-02T03:00:00Z",
                "address": None,
                "hash": entry.hash,
            }
        ],
        "next": None,
    }
    narrowed = world.ask("admin_kota", f"{world.city}trail/", data={"q": "kesehatan"}).json()
    assert narrowed["items"] == []


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "most"),
    [("stages/", 4), ("snapshots/", 4), ("snapshots/1/", 4), ("trail/", 4), ("../../trail/", 3)],
)
def test_an_answer_takes_as_many_queries_for_much_as_for_little(world, rest, most):
    key = key_of(world.people["admin_kota"], last_used_at=timezone.now())
    path = world.year + rest
    if rest.startswith(".."):
        path = f"{world.city}trail/"

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path, headers=key).status_code == 200
        return len(seen)

    changed(world.assessment.city, "Dinas 0")
    few = queries()
    for number in range(1, 6):
        changed(world.assessment.city, f"Dinas {number}")
        world.answer.refresh_from_db()
        claim(world.answer, str(number), seen_at=world.answer.claimed_at)
        frozen(world.assessment)
    set_stage(assessment_id=world.assessment.pk, stage=Stage.FIELD, at=later())

    assert queries() == few <= most
