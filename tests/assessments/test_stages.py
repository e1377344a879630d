"""Who may do what in which stage, and how a year goes from one stage to another."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import resolve, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.choices import ScoreKind, Stage, TrailEvent, Verdict
from assessments.models import Assessment, RescueWindow, Snapshot
from assessments.services.answers import import_points
from assessments.services.assignment import assign_defaults, assign_in_bulk, assign_question
from assessments.services.comments import add_comment
from assessments.services.creation import change_assessment, open_assessment
from assessments.services.documents import withdraw_evidence
from assessments.services.rescue import cancel_rescue_window, open_rescue_window
from assessments.services.review import (
    accept_evidence,
    grant_points,
    return_evidence,
    undo_verdict,
)
from assessments.services.snapshots import damaged
from assessments.services.transitions import advance_stage, reopen_stage, submit_assessment
from assessments.stages import (
    ACTION_LABELS,
    STAGE_ACTIONS,
    STAGE_SENTENCES,
    StageAction,
    following,
    preceding,
)
from cities.models import Opd
from cities.roles import GRANTS, Role
from tests.assessments.situations import (
    NOW,
    admin_of,
    claim,
    hand_in,
    history,
    later,
    refused,
    secretary_of,
    set_stage,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, MembershipFactory, SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db

# The page on which each action is done; its gate names the permission.
PAGES = {
    StageAction.CLAIM: ("claim_save", ["1.2"]),
    StageAction.UPLOAD: ("document_upload", ["1.2"]),
    StageAction.WITHDRAW: ("document_withdraw", [1]),
    StageAction.REVIEW: ("evidence_review", [1]),
    StageAction.GRANT: ("points_grant", ["1.2"]),
    StageAction.ASSIGN: ("assignment_edit", ["1.2"]),
    StageAction.COMMENT: ("comment_add", ["1.2"]),
    StageAction.IMPORT_CLAIMS: ("sheet_import", []),
    StageAction.IMPORT_OFFICIAL: ("sheet_import", []),
    StageAction.CHANGE_YEAR: ("assessment_edit", []),
    StageAction.ADVANCE: ("stage_advance", []),
}

#     claim, upload, withdraw | review, grant | assign | comment | import claims, official
#     | change target and deadline | advance
TABLE = """
admin_kota   preparation      ... .. A C .. Y >
admin_kota   self_assessment  ... .. A C IO Y >
admin_kota   submitted        ... .. . C .O Y >
admin_kota   administrative   ... .. . C .O Y >
admin_kota   field            ... .. A C .O Y >
admin_kota   final            ... .. . C .O Y >
admin_kota   closed           ... .. . C .. . .
gugus_tugas  preparation      ... .. A C .. . >
gugus_tugas  self_assessment  cuw RG A C IO . >
gugus_tugas  submitted        ... .. . C .O . >
gugus_tugas  administrative   ... .. . C .O . >
gugus_tugas  field            ... .. A C .O . >
gugus_tugas  final            ... .. . C .O . >
gugus_tugas  closed           ... .. . C .. . .
verifikator  preparation      ... .. . C .. . .
verifikator  self_assessment  ... RG . C .. . .
verifikator  submitted        ... .. . C .. . .
verifikator  administrative   ... .. . C .. . .
verifikator  field            ... .. . C .. . .
verifikator  final            ... .. . C .. . .
verifikator  closed           ... .. . C .. . .
opd          preparation      ... .. . C .. . .
opd          self_assessment  cuw .. . C .. . .
opd          submitted        ... .. . C .. . .
opd          administrative   ... .. . C .. . .
opd          field            ... .. . C .. . .
opd          final            ... .. . C .. . .
opd          closed           ... .. . C .. . .
pimpinan     preparation      ... .. . . .. . .
pimpinan     self_assessment  ... .. . . .. . .
pimpinan     submitted        ... .. . . .. . .
pimpinan     administrative   ... .. . . .. . .
pimpinan     field            ... .. . . .. . .
pimpinan     final            ... .. . . .. . .
pimpinan     closed           ... .. . . .. . .
pendamping   preparation      ... .. . C .. . .
pendamping   self_assessment  ... .. . C .. . .
pendamping   submitted        ... .. . C .. . .
pendamping   administrative   ... .. . C .. . .
pendamping   field            ... .. . C .. . .
pendamping   final            ... .. . C .. . .
pendamping   closed           ... .. . C .. . .
wilayah      preparation      ... .. . . .. . .
wilayah      self_assessment  ... .. . . .. . .
wilayah      submitted        ... .. . . .. . .
wilayah      administrative   ... .. . . .. . .
wilayah      field            ... .. . . .. . .
wilayah      final            ... .. . . .. . .
wilayah      closed           ... .. . . .. . .
forum_anak   preparation      ... .. . . .. . .
forum_anak   self_assessment  ... .. . . .. . .
forum_anak   submitted        ... .. . . .. . .
forum_anak   administrative   ... .. . . .. . .
forum_anak   field            ... .. . . .. . .
forum_anak   final            ... .. . . .. . .
forum_anak   closed           ... .. . . .. . .
"""
SIGNS = dict(zip(StageAction, "cuwRGACIOY>", strict=True))


def permission_of(action):
    name, rest = PAGES[action]
    return resolve(reverse(f"assessments:{name}", args=["kota", 2026, *rest])).func.permission


def put_into(year, stage):
    """Set the stage without the deeds that lead there."""
    Assessment.objects.filter(pk=year.pk).update(stage=stage)
    return Assessment.objects.get(pk=year.pk)


# --- The table --------------------------------------------------------------------------------


def test_every_role_may_do_in_every_stage_exactly_what_the_table_says():
    lines = []
    for role in Role:
        for stage in Stage:
            signs = "".join(
                SIGNS[action]
                if permission_of(action) in GRANTS[role] and action in STAGE_ACTIONS[stage]
                else "."
                for action in StageAction
            )
            groups = [signs[:3], signs[3:5], signs[5], signs[6], signs[7:9], signs[9], signs[10]]
            lines.append(f"{role.value:<12} {stage.value:<16} {' '.join(groups)}")

    assert lines == TABLE.strip().splitlines()


def test_every_stage_and_every_act_has_its_words():
    assert list(STAGE_ACTIONS) == list(STAGE_SENTENCES) == list(Stage)
    assert list(ACTION_LABELS) == list(StageAction)


def test_the_stages_follow_each_other_as_the_evaluation_runs():
    assert [following(stage) for stage in Stage] == [*list(Stage)[1:], None]
    assert preceding(Stage.ADMINISTRATIVE) == (
        Stage.SUBMITTED,
        Stage.SELF_ASSESSMENT,
        Stage.PREPARATION,
    )
    assert preceding(Stage.PREPARATION) == ()


@pytest.fixture
def deeds(year):
    """For each action what does it, prepared while the year could still be worked in."""
    question = answer_of(year, "1.2")
    by, admin = secretary_of(year), admin_of(year)
    waiting, decided = EvidenceFactory(answer=question), EvidenceFactory(answer=question)
    accept_evidence(evidence_id=decided.pk, granted_points=Decimal(4), by=by, at=NOW)
    other = EvidenceFactory(answer=question)
    opd = Opd.objects.get(city=year.city, code="DP3A")
    who = {"by": by, "at": later()}

    def sheet(kind):
        return lambda: import_points(
            assessment=year, kind=kind, points={"1.2": Decimal(2)}, overwrite=True, **who
        )

    return {
        StageAction.CLAIM: [lambda: claim(question, "3", by=by)],
        StageAction.UPLOAD: [lambda: hand_in(question, by=by)],
        StageAction.WITHDRAW: [lambda: withdraw_evidence(evidence_id=other.pk, **who)],
        StageAction.REVIEW: [
            lambda: undo_verdict(evidence_id=decided.pk, **who),
            lambda: return_evidence(evidence_id=decided.pk, reason="Buram", **who),
            lambda: accept_evidence(evidence_id=waiting.pk, granted_points=Decimal(5), **who),
        ],
        StageAction.GRANT: [
            lambda: grant_points(answer_id=question.pk, granted_points=Decimal(6), **who)
        ],
        StageAction.ASSIGN: [
            lambda: assign_defaults(assessment_id=year.pk, **who),
            lambda: assign_question(
                answer_id=question.pk, lead=opd, contributors=[], due_on=None, **who
            ),
            lambda: assign_in_bulk(
                assessment=year,
                answer_ids=[question.pk],
                opd=opd,
                is_lead=True,
                due_on=None,
                **who,
            ),
        ],
        StageAction.COMMENT: [
            lambda: add_comment(answer=answer_of(year, "1.2"), text="Mohon dicek", **who)
        ],
        StageAction.IMPORT_CLAIMS: [sheet(ScoreKind.CLAIMED)],
        StageAction.IMPORT_OFFICIAL: [sheet(ScoreKind.VA), sheet(ScoreKind.VF)],
        StageAction.CHANGE_YEAR: [
            lambda: change_assessment(
                assessment_id=year.pk, target=None, deadline=None, by=admin, at=later()
            )
        ],
        StageAction.ADVANCE: [],  # has tests of its own below
    }


@pytest.mark.parametrize("stage", Stage)
def test_a_deed_is_refused_in_every_stage_whose_row_does_not_name_it(year, deeds, stage):
    put_into(year, stage)

    told = {}
    for action, doings in deeds.items():
        for doing in doings:
            if action in STAGE_ACTIONS[stage]:
                doing()
                continue
            with refused("closed") as refusal:
                doing()
            told[action] = refusal.value.messages

    sentence = str(STAGE_SENTENCES[stage]) % {"year": 2026}
    locked = [
        action
        for action in StageAction
        if action not in STAGE_ACTIONS[stage] and action != StageAction.ADVANCE
    ]
    assert told == {action: [sentence] for action in locked}


# --- Opening ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "stage"),
    [({}, Stage.SELF_ASSESSMENT), ({"prepare_first": True}, Stage.PREPARATION)],
)
def test_a_new_year_can_be_worked_in_at_once_unless_it_is_prepared_first(options, stage):
    opened = open_assessment(
        city=CityFactory(),
        instrument=make_instrument(),
        year=2026,
        target=None,
        deadline=None,
        by=SiteAdminFactory(),
        at=NOW,
        **options,
    )

    assert opened.stage == stage


def test_a_city_works_on_the_newest_year_under_way_rather_than_on_one_in_preparation_or_closed():
    city = CityFactory()
    years = {number: working_year(city=city, year=number) for number in (2023, 2024, 2025, 2026)}
    put_into(years[2023], Stage.FIELD)
    put_into(years[2024], Stage.SUBMITTED)
    put_into(years[2025], Stage.CLOSED)
    put_into(years[2026], Stage.PREPARATION)

    def current():
        return Assessment.objects.current(city).year

    assert current() == 2024
    put_into(years[2023], Stage.CLOSED)
    put_into(years[2024], Stage.CLOSED)
    assert current() == 2026
    put_into(years[2026], Stage.CLOSED)
    assert current() == 2026


# --- Going on ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "stage"),
    [
        (Stage.PREPARATION, Stage.SELF_ASSESSMENT),
        (Stage.SUBMITTED, Stage.ADMINISTRATIVE),
        (Stage.ADMINISTRATIVE, Stage.FIELD),
        (Stage.FIELD, Stage.FINAL),
        (Stage.FINAL, Stage.CLOSED),
    ],
)
def test_a_year_goes_on_one_stage_at_a_time(year, seen, stage):
    by = secretary_of(year)
    put_into(year, seen)

    advance_stage(assessment_id=year.pk, seen=seen, by=by, at=later())

    assert Assessment.objects.get().stage == stage
    detail = f"{seen.label} → {stage.label}"
    assert history(year)[-1] == (TrailEvent.STAGE_ADVANCED, detail, by, later())
    snapshot = Snapshot.objects.get()
    assert (snapshot.left, snapshot.stage, snapshot.by, snapshot.at) == (seen, stage, by, later())


def test_a_second_click_does_not_skip_a_stage(year):
    by = secretary_of(year)
    set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, by=by, at=NOW)
    advance_stage(assessment_id=year.pk, seen=Stage.SUBMITTED, by=by, at=NOW)

    with refused("moved"):
        advance_stage(assessment_id=year.pk, seen=Stage.SUBMITTED, by=by, at=NOW)


def test_self_assessment_ends_only_by_submitting(year):
    by = secretary_of(year)

    with refused("not_submitted"):
        advance_stage(assessment_id=year.pk, seen=Stage.SELF_ASSESSMENT, by=by, at=NOW)


def test_a_closed_year_goes_no_further(year):
    by = secretary_of(year)
    put_into(year, Stage.CLOSED)

    with refused("closed"):
        advance_stage(assessment_id=year.pk, seen=Stage.CLOSED, by=by, at=NOW)


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.SELF_ASSESSMENT])
def test_only_a_self_assessment_is_submitted(year, stage):
    by = secretary_of(year)
    put_into(year, stage)

    with refused("closed" if stage == Stage.CLOSED else "moved"):
        submit_assessment(assessment_id=year.pk, by=by, at=NOW)


# --- Going back -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "stage"), [(seen, stage) for seen in Stage for stage in preceding(seen)]
)
def test_a_year_goes_back_to_any_earlier_stage_with_a_reason(year, seen, stage):
    by = admin_of(year)
    put_into(year, seen)

    reopen_stage(
        assessment_id=year.pk, seen=seen, stage=stage, reason=" Salah unggah ", by=by, at=later()
    )

    assert Assessment.objects.get().stage == stage
    detail = f"{seen.label} → {stage.label}. Salah unggah"
    assert history(year)[-1] == (TrailEvent.STAGE_REOPENED, detail, by, later())
    assert list(Snapshot.objects.values_list("left", "stage")) == [(seen, stage)]


@pytest.mark.parametrize(
    ("seen", "stage"),
    [(seen, stage) for seen in Stage for stage in Stage if stage not in preceding(seen)],
)
def test_going_back_never_leads_forward(year, seen, stage):
    by = admin_of(year)
    put_into(year, seen)

    with refused("not_earlier"):
        reopen_stage(assessment_id=year.pk, seen=seen, stage=stage, reason="Maju", by=by, at=NOW)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_year_does_not_go_back_without_a_reason(year, reason):
    by = admin_of(year)
    put_into(year, Stage.CLOSED)

    with refused("reason"):
        reopen_stage(
            assessment_id=year.pk,
            seen=Stage.CLOSED,
            stage=Stage.FINAL,
            reason=reason,
            by=by,
            at=NOW,
        )


def test_a_year_that_moved_meanwhile_does_not_go_back_from_an_old_page(year):
    by = admin_of(year)
    put_into(year, Stage.FINAL)

    with refused("moved"):
        reopen_stage(
            assessment_id=year.pk,
            seen=Stage.FIELD,
            stage=Stage.SUBMITTED,
            reason="Halaman lama",
            by=by,
            at=NOW,
        )


# --- Any sequence of deeds --------------------------------------------------------------------

MINUTES = 60
deed = st.one_of(
    st.tuples(st.just("advance"), st.sampled_from([None, *Stage]), st.none()),
    st.tuples(st.just("submit"), st.none(), st.none()),
    st.tuples(st.just("reopen"), st.sampled_from(Stage), st.sampled_from(["Keliru", " "])),
    st.tuples(st.just("claim"), st.sampled_from(["1.1", "1.2", "2a.2"]), st.none()),
    st.tuples(st.just("claim"), st.sampled_from(["1.1", "1.2", "2a.2"]), st.none()),
    st.tuples(
        st.just("rescue"),
        st.sets(st.sampled_from(["1.1", "1.2", "2a.2"])),
        st.integers(-1, MINUTES),
    ),
    st.tuples(st.just("cancel"), st.none(), st.none()),
    st.tuples(st.just("wait"), st.integers(1, MINUTES), st.none()),
)


class Model:
    """What a year should do, told without a database."""

    def __init__(self):
        self.stage = Stage.SELF_ASSESSMENT
        self.minute = 0
        self.windows = []  # [codes, last minute, is cancelled]
        self.moves = 0

    def advance(self, seen, _how):
        seen = seen or self.stage
        if self.stage == Stage.CLOSED:
            return "closed"
        if seen != self.stage:
            return "moved"
        if seen == Stage.SELF_ASSESSMENT:
            return "not_submitted"
        return self._move(list(Stage)[list(Stage).index(self.stage) + 1])

    def submit(self, _what, _how):
        if self.stage == Stage.SELF_ASSESSMENT:
            return self._move(Stage.SUBMITTED)
        return "closed" if self.stage == Stage.CLOSED else "moved"

    def reopen(self, stage, reason):
        if list(Stage).index(stage) >= list(Stage).index(self.stage):
            return "not_earlier"
        return self._move(stage) if reason.strip() else "reason"

    def claim(self, code, _how):
        if self.stage == Stage.SELF_ASSESSMENT:
            return "done"
        if self.stage == Stage.FIELD and any(code in w[0] for w in self._open()):
            return "done"
        return "closed"

    def rescue(self, codes, length):
        if self.stage != Stage.FIELD:
            return "not_in_field"
        if length <= 0:
            return "in_past"
        if not codes:
            return "no_question"
        self.windows.append([codes, self.minute + length, False])
        return "done"

    def cancel(self, _what, _how):
        if not self.windows:
            return "none"
        if self.windows[-1] not in self._open():
            return "over"
        self.windows[-1][2] = True
        return "done"

    def _open(self):
        return [w for w in self.windows if not w[2] and self.minute <= w[1]]

    def _move(self, stage):
        if self.stage == Stage.FIELD:
            for window in self._open():
                window[2] = True
        self.stage = stage
        self.moves += 1
        return "done"


class Year:
    """The same deeds through the services."""

    def __init__(self, year, by):
        self.year, self.by, self.admin = year, by, admin_of(year)
        self.minute = 0

    def play(self, name, what, how):
        try:
            return getattr(self, name)(what, how) or "done"
        except ValidationError as error:
            return error.code

    @property
    def at(self):
        return NOW + timedelta(minutes=self.minute)

    def stage(self):
        return Stage(Assessment.objects.values_list("stage", flat=True).get(pk=self.year.pk))

    def advance(self, seen, _how):
        seen = seen or self.stage()
        advance_stage(assessment_id=self.year.pk, seen=seen, by=self.by, at=self.at)

    def submit(self, _what, _how):
        submit_assessment(assessment_id=self.year.pk, by=self.by, at=self.at)

    def reopen(self, stage, reason):
        reopen_stage(
            assessment_id=self.year.pk,
            seen=self.stage(),
            stage=stage,
            reason=reason,
            by=self.admin,
            at=self.at,
        )

    def claim(self, code, _how):
        answer = answer_of(self.year, code)
        claim(answer, "1", by=self.by, at=self.at, seen_at=answer.claimed_at)

    def rescue(self, codes, length):
        open_rescue_window(
            assessment_id=self.year.pk,
            answer_ids=[answer_of(self.year, code).pk for code in codes],
            closes_at=self.at + timedelta(minutes=length),
            note="",
            by=self.by,
            at=self.at,
        )

    def cancel(self, _what, _how):
        last = RescueWindow.objects.order_by("pk").last()
        if last is None:
            return "none"
        cancel_rescue_window(window_id=last.pk, by=self.by, at=self.at)
        return "done"


@pytest.fixture
def played_year(db):
    year = working_year()
    return year, secretary_of(year)


@given(sequence=st.lists(deed, min_size=5, max_size=25))
@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_any_sequence_of_deeds_the_year_stands_where_the_rules_say(played_year, sequence):
    point = transaction.savepoint()
    year, model = Year(*played_year), Model()
    try:
        for name, what, how in sequence:
            if name == "wait":
                year.minute += what
                model.minute += what
                continue
            assert (name, year.play(name, what, how)) == (name, getattr(model, name)(what, how))
            assert year.stage() == model.stage
        assert Snapshot.objects.count() == model.moves
        assert list(damaged()) == []
    finally:
        transaction.savepoint_rollback(point)


# --- The page ---------------------------------------------------------------------------------


def page(year, name, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


@pytest.mark.parametrize(
    ("role", "may_advance", "may_reopen"),
    [
        (Role.ADMIN_KOTA, True, True),
        (Role.GUGUS_TUGAS, True, False),
        (Role.VERIFIKATOR, False, False),
        (Role.PIMPINAN, False, False),
    ],
)
def test_the_ladder_of_stages_offers_each_role_what_it_may_do(
    client, year, role, may_advance, may_reopen
):
    put_into(year, Stage.ADMINISTRATIVE)
    client.force_login(MembershipFactory(city=year.city, role=role).user)

    response = client.get(page(year, "stage_list"))

    assert [line.stage for line in response.context["lines"]] == list(Stage)
    assert [line.stage for line in response.context["lines"] if line.is_current] == [
        Stage.ADMINISTRATIVE
    ]
    text = response.text
    assert (page(year, "stage_advance") in text) == may_advance
    assert (page(year, "stage_reopen") in text) == may_reopen


def test_the_city_administrator_reopens_with_a_reason_that_everybody_reads(client, year):
    put_into(year, Stage.CLOSED)
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    sent = {"seen": Stage.CLOSED, "stage": Stage.FIELD, "reason": "Ada dokumen tertinggal"}

    response = client.post(page(year, "stage_reopen"), sent, follow=True)

    assert Assessment.objects.get().stage == Stage.FIELD
    assert "Ditutup → Verifikasi lapangan. Ada dokumen tertinggal" in response.text


def test_reopening_without_a_reason_shows_the_page_again_and_changes_nothing(client, year):
    put_into(year, Stage.CLOSED)
    client.force_login(MembershipFactory(admin_kota=True, city=year.city).user)
    sent = {"seen": Stage.CLOSED, "stage": Stage.FIELD, "reason": ""}

    response = client.post(page(year, "stage_reopen"), sent)

    assert response.status_code == 200
    assert list(response.context["reopen_form"].errors) == ["reason"]
    assert (Assessment.objects.get().stage, Snapshot.objects.count()) == (Stage.CLOSED, 0)


@pytest.mark.parametrize("name", ["assessment_submit", "stage_advance", "stage_reopen"])
def test_an_opd_neither_submits_nor_moves_a_year(client, year, staff, name):
    client.force_login(staff.user)

    assert client.post(page(year, name)).status_code == 403


def test_the_gugus_tugas_goes_on_from_the_page_and_an_old_page_is_told_so(client, year):
    put_into(year, Stage.SUBMITTED)
    client.force_login(MembershipFactory(gugus_tugas=True, city=year.city).user)

    first = client.post(page(year, "stage_advance"), {"seen": Stage.SUBMITTED}, follow=True)
    second = client.post(page(year, "stage_advance"), {"seen": Stage.SUBMITTED}, follow=True)

    assert "Tahap penilaian kini verifikasi administrasi." in first.text
    assert "Tahap penilaian sudah berubah menjadi verifikasi administrasi" in second.text
    assert Assessment.objects.get().stage == Stage.ADMINISTRATIVE


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.SELF_ASSESSMENT])
def test_a_question_of_a_locked_year_has_no_forms_and_says_where_the_year_stands(
    client, year, secretariat, stage
):
    question = answer_of(year, "1.2")
    EvidenceFactory(answer=question, verdict=Verdict.WAITING)
    put_into(year, stage)
    client.force_login(secretariat.user)

    response = client.get(page(year, "question_detail", "1.2"))

    forms = [response.context[name] for name in ("claim_form", "upload_form", "grant_form")]
    assert forms == [None] * 3
    offered = response.context["documents"]
    assert [(row.may_withdraw, row.may_revise) for row in offered] == [(False, False)]
    assert str(STAGE_SENTENCES[stage]) % {"year": 2026} in response.text
