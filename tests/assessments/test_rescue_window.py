"""The 2 x 24 hours: what opens, for whom, and until which second."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.choices import Stage, TrailEvent, Verdict
from assessments.models import Answer, Assessment, Evidence, RescueWindow
from assessments.queries.rescue import open_notices, rescue_boards
from assessments.services.answers import import_points
from assessments.services.documents import withdraw_evidence
from assessments.services.rescue import cancel_rescue_window, open_rescue_window
from assessments.services.review import (
    accept_evidence,
    grant_points,
    return_evidence,
    undo_verdict,
)
from assessments.services.uploads import append, content_of, create_upload
from assessments.services.waivers import waive_kind
from assessments.services.years import actions_now
from assessments.stages import AFTER_RESCUE_ACTIONS, RESCUE_ACTIONS, STAGE_ACTIONS
from cities.roles import Role
from tests.assessments.corpus import pdf
from tests.assessments.situations import (
    NOW,
    assert_scores_are_right,
    checked,
    claim,
    hand_in,
    history,
    later,
    refused,
    secretary_of,
    set_stage,
    stored_files,
    working_year,
)
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import CityFactory, MembershipFactory

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
HOURS_48 = timedelta(hours=48)
CLOSES = NOW + HOURS_48


def put_into(year, stage):
    Assessment.objects.filter(pk=year.pk).update(stage=stage)
    return Assessment.objects.get(pk=year.pk)


@pytest.fixture
def prepared(year):
    """1.2 with one document waiting, one to withdraw, one accepted; the year in the field."""
    question = answer_of(year, "1.2")
    names = ("waiting", "other", "decided")
    evidence = {name: EvidenceFactory(answer=question) for name in names}
    accept_evidence(
        evidence_id=evidence["decided"].pk, granted_points=Decimal(4), by=secretary_of(year), at=NOW
    )
    put_into(year, Stage.FIELD)
    return evidence


def rescue(year, *codes, closes_at=CLOSES, at=NOW, note="", by=None):
    return open_rescue_window(
        assessment_id=year.pk,
        answer_ids=[answer_of(year, code).pk for code in codes],
        closes_at=closes_at,
        note=note,
        by=by or secretary_of(year),
        at=at,
    )


def deeds(question, evidence, at):
    by = secretary_of(question)
    who = {"by": by, "at": at}
    return {
        "claim": lambda: claim(question, "9", by=by, at=at),
        "upload": lambda: hand_in(question, by=by, at=at),
        "withdraw": lambda: withdraw_evidence(evidence_id=evidence["other"].pk, **who),
        "grant": lambda: grant_points(answer_id=question.pk, granted_points=Decimal(6), **who),
        "return": lambda: return_evidence(
            evidence_id=evidence["waiting"].pk, reason="Buram", **who
        ),
        "undo": lambda: undo_verdict(evidence_id=evidence["decided"].pk, **who),
        "accept": lambda: accept_evidence(
            evidence_id=evidence["decided"].pk, granted_points=Decimal(7), **who
        ),
    }


# --- To the second ----------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [NOW, NOW + SECOND, CLOSES - SECOND, CLOSES])
def test_until_its_last_second_a_window_lets_its_question_be_worked_on(year, prepared, moment):
    rescue(year, "1.2")
    question = answer_of(year, "1.2")

    for deed in deeds(question, prepared, moment).values():
        deed()

    question.refresh_from_db()
    assert (question.claimed_points, question.granted_points) == (9, 7)
    assert_scores_are_right(year)


AFTER = [CLOSES + timedelta(microseconds=1), CLOSES + SECOND, CLOSES + HOURS_48]
HANDING_IN = ("claim", "upload", "withdraw")
DECIDING = ("grant", "return", "undo", "accept")


@pytest.mark.parametrize(
    ("moment", "names"),
    [(NOW - SECOND, HANDING_IN + DECIDING), *((moment, HANDING_IN) for moment in AFTER)],
)
def test_outside_its_time_a_window_lets_nothing_in(year, prepared, moment, names):
    rescue(year, "1.2")
    offered = deeds(answer_of(year, "1.2"), prepared, moment)

    for name in names:
        with refused("closed"):
            offered[name]()


@pytest.mark.parametrize("moment", AFTER)
def test_what_came_in_time_is_decided_on_after_the_window(year, prepared, moment):
    rescue(year, "1.2")
    question = answer_of(year, "1.2")
    offered = deeds(question, prepared, moment)

    for name in DECIDING:
        offered[name]()

    question.refresh_from_db()
    assert question.granted_points == 7
    assert_scores_are_right(year)


def test_what_came_in_time_is_decided_on_only_until_the_stage_ends(year, prepared):
    """Not even when the year comes back to the stage: a window belongs to one stay in it."""
    rescue(year, "1.2")
    question = answer_of(year, "1.2")

    for stage in (Stage.FINAL, Stage.FIELD):
        set_stage(assessment_id=year.pk, stage=stage, at=CLOSES + SECOND)
        for deed in deeds(question, prepared, CLOSES + 2 * SECOND).values():
            with refused("closed"):
                deed()


@pytest.mark.parametrize(
    ("arrived", "sent", "is_in"),
    [
        (CLOSES - SECOND, CLOSES - SECOND, True),
        (CLOSES, CLOSES + SECOND, True),  # whole in time; its form a second later
        (CLOSES + SECOND, CLOSES + SECOND, False),
    ],
)
def test_a_file_in_pieces_is_in_if_its_last_piece_came_in_time(
    year, prepared, staff, arrived, sent, is_in
):
    rescue(year, "1.2")
    question = answer_of(year, "1.2")
    content = b"isi yang lain"
    upload = create_upload(
        answer=question, name="a.pdf", length=len(content), sha256="", by=staff.user, at=NOW
    )
    append(upload_id=upload.pk, offset=0, piece=io.BytesIO(content[:4]), at=CLOSES - SECOND)

    def finish():
        whole = append(upload_id=upload.pk, offset=4, piece=io.BytesIO(content[4:]), at=arrived)
        with content_of(whole) as file:
            found = replace(checked(content, "a.pdf"), file=file, upload=whole)
            return hand_in(question, by=staff.user, at=sent, files=[found])

    if is_in:
        assert [evidence.document.sha256 for evidence in finish()] == [
            checked(content).facts.sha256
        ]
    else:
        with refused("closed"):
            finish()


def test_every_file_of_a_form_has_to_arrive_in_time(year, prepared, staff):
    rescue(year, "1.2")
    question = answer_of(year, "1.2")
    upload = create_upload(
        answer=question, name="a.pdf", length=1, sha256="", by=staff.user, at=NOW
    )
    whole = append(upload_id=upload.pk, offset=0, piece=io.BytesIO(b"a"), at=CLOSES)
    with content_of(whole) as file, refused("closed"):
        files = [
            replace(checked(b"a", "a.pdf"), file=file, upload=whole),
            checked(b"b", "b.pdf"),  # came with the form itself
        ]
        hand_in(question, by=staff.user, at=CLOSES + SECOND, files=files)


def test_every_other_question_stays_locked(year, prepared):
    evidence = {
        "waiting": EvidenceFactory(answer=answer_of(year, "2a.2")),
        "other": EvidenceFactory(answer=answer_of(year, "2a.2")),
        "decided": EvidenceFactory(answer=answer_of(year, "2a.2"), accepted=True),
    }
    rescue(year, "1.2")

    for deed in deeds(answer_of(year, "2a.2"), evidence, NOW + SECOND).values():
        with refused("closed"):
            deed()


@pytest.mark.parametrize(
    "stage", [s for s in Stage if s not in (Stage.FIELD, Stage.SELF_ASSESSMENT)]
)
def test_a_window_counts_only_in_field_verification(year, prepared, stage):
    rescue(year, "1.2")
    put_into(year, stage)

    for deed in deeds(answer_of(year, "1.2"), prepared, NOW + SECOND).values():
        with refused("closed"):
            deed()


def test_a_window_does_not_open_the_import_of_claims(year, prepared):
    rescue(year, "1.2")
    by = secretary_of(year)

    with refused("closed"):
        import_points(
            assessment=year,
            kind="claimed",
            points={"1.2": Decimal(3)},
            overwrite=True,
            by=by,
            at=NOW + SECOND,
        )


def test_what_a_window_allows_is_the_stage_and_five_acts_more(year, prepared):
    rescue(year, "1.2")
    year = put_into(year, Stage.FIELD)
    chosen, other = answer_of(year, "1.2").pk, answer_of(year, "1.1").pk

    field = STAGE_ACTIONS[Stage.FIELD]
    told = [
        actions_now(year, at=CLOSES, answer_id=chosen),
        actions_now(year, at=CLOSES + SECOND, answer_id=chosen),
        actions_now(year, at=CLOSES, answer_id=other),
        actions_now(year, at=CLOSES),
    ]
    assert told == [field | RESCUE_ACTIONS, field | AFTER_RESCUE_ACTIONS, field, field]
    assert {action.value for action in RESCUE_ACTIONS} == {
        "claim",
        "upload",
        "withdraw",
        "review",
        "grant",
    }


def test_of_two_windows_the_longer_one_counts(year, prepared):
    rescue(year, "1.2")
    rescue(year, "1.2", "1.1", closes_at=CLOSES + HOURS_48)

    claim(answer_of(year, "1.2"), "9", at=CLOSES + SECOND)

    assert answer_of(year, "1.2").claimed_points == 9


# --- Opening and ending -----------------------------------------------------------------------


def test_a_window_records_who_opened_it_for_what_until_when(year, prepared):
    by = secretary_of(year)

    window = rescue(year, "1.2", "1.1", note=" SK bertanda tangan ", by=by, at=later())

    assert (window.opens_at, window.closes_at, window.note) == (
        later(),
        CLOSES,
        "SK bertanda tangan",
    )
    assert {answer.question.code for answer in window.answers.all()} == {"1.1", "1.2"}
    assert history(year)[-1] == (TrailEvent.RESCUE_OPENED, "2 pertanyaan", by, later())


def test_the_end_of_a_window_is_a_whole_second(year, prepared):
    window = rescue(year, "1.2", closes_at=CLOSES + timedelta(microseconds=999_999))

    assert window.closes_at == CLOSES


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.FIELD])
def test_a_window_is_opened_only_in_field_verification(year, stage):
    put_into(year, stage)
    by = secretary_of(year)

    with refused("not_in_field"):
        rescue(year, "1.2", by=by)


@pytest.mark.parametrize("closes_at", [NOW - SECOND, NOW, NOW + timedelta(microseconds=5)])
def test_a_window_does_not_end_before_it_begins(year, prepared, closes_at):
    by = secretary_of(year)

    with refused("in_past"):
        rescue(year, "1.2", closes_at=closes_at, by=by)


def test_a_window_needs_a_question(year, prepared):
    by = secretary_of(year)

    with refused("no_question"):
        rescue(year, by=by)


def test_a_window_takes_no_question_of_another_year(year, prepared):
    foreign = answer_of(working_year(), "1.2")
    by = secretary_of(year)

    with refused("foreign_answer"):
        open_rescue_window(
            assessment_id=year.pk,
            answer_ids=[answer_of(year, "1.1").pk, foreign.pk],
            closes_at=CLOSES,
            note="",
            by=by,
            at=NOW,
        )


def test_a_cancelled_window_locks_at_once_and_keeps_what_came_in(year, prepared):
    window, by = rescue(year, "1.2"), secretary_of(year)
    question = answer_of(year, "1.2")
    claim(question, "9", by=by, at=later(1))

    cancel_rescue_window(window_id=window.pk, by=by, at=later(2))

    assert history(year)[-1] == (TrailEvent.RESCUE_CANCELLED, "1 pertanyaan", by, later(2))
    with refused("closed"):
        hand_in(question, by=by, at=later(3))
    assert answer_of(year, "1.2").claimed_points == 9


@pytest.mark.parametrize("moment", [CLOSES + SECOND, CLOSES + HOURS_48])
def test_a_window_that_is_over_cannot_be_cancelled(year, prepared, moment):
    window, by = rescue(year, "1.2"), secretary_of(year)

    with refused("over"):
        cancel_rescue_window(window_id=window.pk, by=by, at=moment)


def test_leaving_the_field_verification_ends_its_windows_for_good(year, prepared):
    by = secretary_of(year)
    rescue(year, "1.2")
    set_stage(assessment_id=year.pk, stage=Stage.FINAL, at=later(1))
    set_stage(assessment_id=year.pk, stage=Stage.FIELD, at=later(2))

    with refused("closed"):
        claim(answer_of(year, "1.2"), "9", by=by, at=later(3))
    assert RescueWindow.objects.get().cancelled_at == later(1)


# --- What a page shows ------------------------------------------------------------------------


def test_the_questions_of_a_window_stand_in_the_order_of_the_points_still_to_win(year, prepared):
    """1.2 is worth 20 of which 4 are proven, 1.1 is worth 30, 2a.2 is worth 15."""
    rescue(year, "2a.2", "1.2", "1.1")
    year = put_into(year, Stage.FIELD)

    (board,) = rescue_boards(year, Answer.objects.filter(assessment=year), at=later(61))

    shown = [(row.answer.question.code, row.points, row.leads) for row in board.rows]
    assert shown == [
        ("1.1", 30, ["Dinas DP3A"]),
        ("1.2", 16, ["Dinas DISDIK"]),
        ("2a.2", 15, ["Dinas DINKES"]),
    ]
    assert (board.points, board.hours_left, board.minutes_left) == (61, 46, 59)


def test_what_a_reviewer_waived_is_not_asked_for_in_a_window(year, prepared):
    rescue(year, "1.1", "1.2")
    answer, by = answer_of(year, "1.2"), secretary_of(year)
    kind = answer.question.evidence_kinds.get(code="foto")
    waive_kind(answer_id=answer.pk, kind=kind, reason="Foto ada.", by=by, at=later(1))
    year = put_into(year, Stage.FIELD)

    (board,) = rescue_boards(year, Answer.objects.filter(assessment=year), at=later(2))

    shown = {
        row.answer.question.code: {one.code: one.state for one in row.asked} for row in board.rows
    }
    assert shown == {
        "1.1": {},
        "1.2": {"perda": "accepted", "foto": "waived"},
    }


def test_open_windows_stand_first_and_the_one_that_closes_soonest_on_top(year, prepared):
    over = rescue(year, "1.1", closes_at=later(5))
    late = rescue(year, "1.1", closes_at=later(90))
    soon = rescue(year, "1.1", closes_at=later(30))
    year = put_into(year, Stage.FIELD)

    boards = rescue_boards(year, Answer.objects.all(), at=later(10))

    assert [board.window for board in boards] == [soon, late, over]
    assert [board.is_open for board in boards] == [True, True, False]
    shown = open_notices(year.city, Answer.objects.all(), at=later(10))
    assert [notice.window for notice in shown] == [soon, late]
    assert [(n.hours_left, n.minutes_left, n.is_open) for n in shown] == [
        (0, 20, True),
        (1, 20, True),
    ]


def test_notices_of_open_windows_take_two_queries(year, prepared, django_assert_num_queries):
    for codes in (("1.1",), ("1.1", "1.2"), ("1.2", "2a.2")):
        rescue(year, *codes, closes_at=later(30))
    put_into(year, Stage.FIELD)

    with django_assert_num_queries(2):
        notices = open_notices(year.city, Answer.objects.all(), at=later(10))

    assert sorted(len(notice.answers) for notice in notices) == [1, 2, 2]


def test_no_window_is_told_of_outside_the_field_verification_or_in_another_city(year, prepared):
    rescue(year, "1.1", closes_at=later(30))
    put_into(year, Stage.ADMINISTRATIVE)
    assert open_notices(year.city, Answer.objects.all(), at=later(10)) == []
    year = put_into(year, Stage.FIELD)

    other = CityFactory()
    assert open_notices(other, Answer.objects.all(), at=later(10)) == []
    assert len(open_notices(year.city, Answer.objects.all(), at=later(10))) == 1
    nobodys = Answer.objects.none()
    assert open_notices(year.city, nobodys, at=later(10)) == []


@pytest.fixture
def live(year, prepared):
    """A window on 1.1 and 1.2 that is open right now, by the clock of the pages."""
    now = timezone.now()
    return rescue(year, "1.1", "1.2", at=now, closes_at=now + HOURS_48, note="Lengkapi SK")


def page(year, name, *args):
    return reverse(f"assessments:{name}", args=[year.city.slug, year.year, *args])


def end(window):
    """Let the window close a second ago."""
    now = timezone.now()
    RescueWindow.objects.filter(pk=window.pk).update(
        opens_at=now - HOURS_48, closes_at=now - SECOND
    )


def test_an_opd_sees_only_its_own_questions_of_a_window(client, year, live, staff):
    """DISDIK holds 1.2; 1.1 is DP3A's."""
    client.force_login(staff.user)

    listed = client.get(page(year, "rescue_list")).context["boards"]
    noticed = client.get(reverse("assessments:task_list", args=[year.city.slug])).context["rescues"]

    assert [[row.answer.question.code for row in board.rows] for board in listed] == [["1.2"]]
    assert [[answer.question.code for answer in one.answers] for one in noticed] == [["1.2"]]


def test_an_opd_without_a_question_in_the_window_sees_nothing_of_it(client, year, live):
    dinkes = MembershipFactory(of_opd=True, city=year.city, opd=year.city.opds.get(code="DINKES"))
    client.force_login(dinkes.user)

    response = client.get(page(year, "rescue_list"))

    assert response.context["boards"] == []
    assert "Lengkapi SK" not in response.text


def test_the_question_page_shows_its_forms_while_the_window_is_open(client, year, live, staff):
    client.force_login(staff.user)
    names = ("claim_form", "upload_form")

    opened = client.get(page(year, "question_detail", "1.2"))
    assert [opened.context[name] is None for name in names] == [False, False]
    assert "Lengkapi SK" in opened.text

    end(live)
    over = client.get(page(year, "question_detail", "1.2"))
    assert [over.context[name] is None for name in names] == [True, True]


def test_a_question_outside_the_window_shows_no_forms(client, year, live, secretariat):
    client.force_login(secretariat.user)

    response = client.get(page(year, "question_detail", "2a.2"))

    forms = [response.context[name] for name in ("claim_form", "upload_form", "grant_form")]
    assert forms == [None, None, None]


def test_a_reviewer_decides_in_the_window_and_after_it(client, year, prepared, live, reviewer):
    client.force_login(reviewer.user)
    url = page(year, "evidence_review", prepared["waiting"].pk)
    sent = {"verdict": Verdict.RETURNED, "reason": "Buram"}

    assert client.get(url).context["form"] is not None
    end(live)
    assert client.get(url).context["form"] is not None

    client.post(url, sent)
    assert Evidence.objects.get(pk=prepared["waiting"].pk).verdict == Verdict.RETURNED


def test_a_claim_sent_after_the_window_closed_is_refused(client, year, live, staff):
    client.force_login(staff.user)
    form = client.get(page(year, "question_detail", "1.2")).context["claim_form"]
    end(live)

    response = client.post(
        page(year, "claim_save", "1.2"),
        {"claimed_points": "20", "seen_at": form.initial["seen_at"]},
    )

    assert codes_of(response.context["claim_form"]) == {"__all__": ["closed"]}
    assert answer_of(year, "1.2").claimed_points is None


def test_a_document_sent_after_the_window_closed_leaves_nothing_behind(client, year, live, staff):
    client.force_login(staff.user)
    form = client.get(page(year, "question_detail", "1.2")).context["upload_form"]
    before = (Evidence.objects.count(), stored_files())
    end(live)
    kind = form.fields["kind"].queryset.first()
    sent = {"kind": kind.code, "file": [upload()]}

    response = client.post(page(year, "document_upload", "1.2"), sent)

    assert codes_of(response.context["upload_form"]) == {"file": ["closed"]}
    assert (Evidence.objects.count(), stored_files()) == before


def test_a_document_sent_in_the_window_is_stored(client, year, live, staff):
    client.force_login(staff.user)
    form = client.get(page(year, "question_detail", "1.2")).context["upload_form"]
    sent = {"kind": form.fields["kind"].queryset.first().code, "file": [upload()]}

    response = client.post(page(year, "document_upload", "1.2"), sent)

    assert response.status_code == 302
    assert Evidence.objects.latest("pk").document.uploaded_by == staff.user


def codes_of(form):
    faults = form.errors.as_data().items()
    return {field: [error.code for error in errors] for field, errors in faults}


def upload():
    file = checked(pdf(), "surat.pdf").file
    file.content_type = "application/pdf"
    return file


# --- Opening through the page -----------------------------------------------------------------


@pytest.fixture
def coordinator(client, year, prepared, secretariat):
    client.force_login(secretariat.user)
    return secretariat


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S}"


def test_the_form_proposes_48_hours_and_the_questions_that_need_it(client, year, coordinator):
    response = client.get(page(year, "rescue_open"))

    proposed = response.context["form"].initial["closes_at"]
    assert abs(proposed - timezone.now() - HOURS_48) < timedelta(minutes=1)
    assert f'value="{timezone.localtime(proposed):%d-%m-%Y %H.%M.%S}"' in response.text
    assert ("js/days.js" in response.text, "datetime-local" in response.text) == (True, False)
    rows = response.context["rows"]
    assert [(row.answer.question.code, row.points) for row in rows] == [
        ("1.1", 30),
        ("2b.1", 25),
        ("2a.1", 15),
        ("2a.2", 15),
    ]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ("dikembalikan", ["2a.2"]),
        ("semua", ["2a.2", "1.1", "2b.1", "2a.1", "1.2"]),
        ("apa-saja", ["2a.2", "1.1", "2b.1", "2a.1"]),
    ],
)
def test_the_questions_to_choose_from_are_narrowed_in_the_address(
    client, year, coordinator, wanted, codes
):
    EvidenceFactory(answer=answer_of(year, "2a.2"), returned=True)

    rows = client.get(page(year, "rescue_open"), {"filter": wanted}).context["rows"]

    assert {row.answer.question.code for row in rows} == set(codes)


def test_ticked_and_typed_questions_come_together(client, year, coordinator):
    ends = timezone.now().replace(microsecond=0) + HOURS_48
    sent = {
        "closes_at": local(ends),
        "note": "Lengkapi",
        "codes": "2a.2; 1.1,\n1.1",
        "answers": [answer_of(year, "1.2").pk],
    }

    response = client.post(page(year, "rescue_open"), sent)

    assert response.status_code == 302
    window = RescueWindow.objects.get()
    codes = window.answers.values_list("question__code", flat=True)
    assert (sorted(codes), window.closes_at, window.by) == (
        ["1.1", "1.2", "2a.2"],
        ends,
        coordinator.user,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"codes": "1.1 9.9"}, "codes"),
        ({"codes": ""}, "__all__"),
        ({"closes_at": ""}, "closes_at"),
        ({"closes_at": "2020-01-01T00:00:00"}, "__all__"),
    ],
)
def test_a_faulty_form_opens_nothing_and_says_where_the_fault_is(
    client, year, coordinator, change, field
):
    sent = {"closes_at": local(timezone.now() + HOURS_48), "codes": "1.1"} | change

    response = client.post(page(year, "rescue_open"), sent)

    assert list(response.context["form"].errors) == [field]
    assert RescueWindow.objects.count() == 0


def test_the_answer_of_another_year_is_not_among_the_choices(client, year, coordinator):
    foreign = answer_of(working_year(city=year.city, year=2027), "1.2")
    sent = {"closes_at": local(timezone.now() + HOURS_48), "answers": [foreign.pk]}

    response = client.post(page(year, "rescue_open"), sent)

    assert list(response.context["form"].errors) == ["answers"]
    assert RescueWindow.objects.count() == 0


def test_the_coordinator_ends_a_window_from_its_page(client, year, live, coordinator):
    assert page(year, "rescue_cancel", live.pk) in client.get(page(year, "rescue_list")).text

    client.post(page(year, "rescue_cancel", live.pk))

    window = RescueWindow.objects.get()
    assert window.cancelled_at is not None
    assert page(year, "rescue_cancel", live.pk) not in client.get(page(year, "rescue_list")).text


def test_a_window_is_ended_under_its_own_year_only(client, year, live, coordinator):
    other = working_year(city=year.city, year=2027)

    response = client.post(page(other, "rescue_cancel", live.pk))

    assert response.status_code == 404
    assert RescueWindow.objects.get().cancelled_at is None


@pytest.mark.parametrize(
    "role", [Role.ADMIN_KOTA, Role.VERIFIKATOR, Role.PIMPINAN, Role.PENDAMPING]
)
def test_others_read_the_windows_and_open_none(client, year, live, role):
    client.force_login(MembershipFactory(city=year.city, role=role).user)

    codes = [
        client.get(page(year, "rescue_list")).status_code,
        client.get(page(year, "rescue_open")).status_code,
        client.post(page(year, "rescue_open"), {}).status_code,
        client.post(page(year, "rescue_cancel", live.pk)).status_code,
    ]

    assert codes == [200, 403, 403, 403]


def test_the_page_of_windows_takes_the_same_queries_with_one_row_and_with_five(
    client, year, prepared, secretariat, django_assert_num_queries
):
    now = timezone.now()
    client.force_login(secretariat.user)
    rescue(year, "1.2", at=now, closes_at=now + HOURS_48)
    client.get(page(year, "rescue_list"))

    with django_assert_num_queries(11) as few:
        client.get(page(year, "rescue_list"))
    rescue(year, "1.1", "1.2", "2a.1", "2a.2", "2b.1", at=now, closes_at=now + HOURS_48)
    with django_assert_num_queries(len(few)):
        client.get(page(year, "rescue_list"))


def test_the_page_of_stages_leads_to_the_window_and_warns_before_leaving_it_unused(
    client, year, prepared, secretariat
):
    client.force_login(secretariat.user)
    address = page(year, "stage_list")
    warning = "tidak dapat dibuka lagi sesudah ini"

    shown = client.get(address).content.decode()
    assert page(year, "rescue_open") in shown
    assert warning in shown

    rescue(year, "1.2")
    shown = client.get(address).content.decode()
    assert page(year, "rescue_open") in shown
    assert warning not in shown


@pytest.mark.parametrize("stage", [s for s in Stage if s != Stage.FIELD])
def test_outside_the_field_verification_the_page_of_stages_offers_no_window(
    client, year, secretariat, stage
):
    put_into(year, stage)
    client.force_login(secretariat.user)

    assert page(year, "rescue_open") not in client.get(page(year, "stage_list")).content.decode()
