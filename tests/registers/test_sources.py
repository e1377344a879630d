"""Which register answers a question is changed beside the instrument, and never what was taken."""

from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Answer
from assessments.services.creation import open_assessment
from clusters.library import checksum
from clusters.models import Instrument, Question, QuestionSource
from clusters.register_files import SourceSpec, packaged_sources, source_of
from clusters.services import spec_of
from clusters.services.life import create_draft, publish_draft, start_correction
from plans.queries.register_gaps import register_gaps
from registers.contract import AnswerKind
from registers.models import TakenValue
from registers.queries.sources import source_lines
from registers.question_part import from_register
from registers.registry import registers, source_for, with_source
from registers.services.sources import set_source, told_source, use_file_source
from registers.services.taking import take_value
from territories.models import Report
from tests.assessments.situations import NOW, claim, later, refused, secretary_of
from tests.factories.assessments import answer_of, open_year
from tests.factories.cities import CityFactory, SiteAdminFactory
from tests.factories.clusters import only, small_spec
from tests.factories.territories import ReportFactory, UnitFactory

pytestmark = pytest.mark.django_db

OF_FILE = SourceSpec("26.4", "wilayah", "kla-2023/26.4", "matriks")
OTHER = SourceSpec("26.4", "wilayah", "kla-2023/26.5", "matriks")


@pytest.fixture
def year():
    year = open_year(city=CityFactory(), spec=only(26))
    district = UnitFactory(kecamatan=True, city=year.city)
    for unit in UnitFactory.create_batch(2, city=year.city, parent=district):
        ReportFactory(unit=unit)
    ReportFactory(unit=unit, criterion="26.5", yes=False)
    return year


@pytest.fixture
def admin():
    return SiteAdminFactory()


def said(year, code="26.4"):
    return source_for(answer_of(year, code), year)


def choose(year, source, by, *, code="26.4", seen=None, at=NOW):
    question = answer_of(year, code).question
    seen = told_source(said(year, code)) if seen is None else seen
    set_source(question_id=question.pk, source=source, seen=seen, by=by, at=at)


def to_file(year, by, *, code="26.4", at=NOW):
    use_file_source(question_id=answer_of(year, code).question_id, by=by, at=at)


def trail(year):
    rows = LogEntry.objects.filter(object_id=year.instrument_id).order_by("pk")
    return [(row.user_id, row.change_message) for row in rows]


def rows():
    return list(QuestionSource.objects.values()), LogEntry.objects.count()


def offer(year):
    part = from_register(answer_of(year, "26.4"), may_claim=True)
    return part.part if part else None


def address(year, name, code=None):
    return reverse(f"registers:{name}", args=[year.instrument.code, *([code] if code else [])])


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


# --- What holds --------------------------------------------------------------------------------


def test_a_change_holds_until_the_file_is_chosen_again(year, admin):
    assert said(year) == OF_FILE

    choose(year, OTHER, admin)
    assert (said(year), said(year, "26.5")) == (OTHER, source_of("kla-2023", "26.5"))

    choose(year, None, admin)
    assert said(year) is None

    to_file(year, admin)
    assert (said(year), QuestionSource.objects.count()) == (OF_FILE, 0)


def test_a_question_without_a_register_in_the_file_gets_one(year, admin):
    assert said(year, "26.18") is None

    choose(year, SourceSpec("26.18", "gugus-tugas", "kha"), admin, code="26.18")

    assert said(year, "26.18") == SourceSpec("26.18", "gugus-tugas", "kha")


def test_choosing_what_the_file_says_is_no_change(year, admin):
    choose(year, OTHER, admin)

    choose(year, OF_FILE, admin, at=later(1))

    assert QuestionSource.objects.count() == 0


def test_the_published_instrument_stays_as_it_is(year, admin):
    before = checksum(spec_of(year.instrument))

    choose(year, OTHER, admin)

    year.instrument.refresh_from_db()
    assert before == checksum(spec_of(year.instrument)) == year.instrument.checksum


def test_the_trail_of_the_instrument_says_who_changed_what(year, admin):
    choose(year, OTHER, admin)
    choose(year, OTHER, admin)  # nothing to say
    choose(year, None, admin)
    to_file(year, admin)
    to_file(year, admin)  # nothing to say

    changed = "register pertanyaan 26.4 diubah: {} → {}"
    first, second = told_source(OF_FILE), told_source(OTHER)
    assert trail(year)[-3:] == [
        (admin.pk, changed.format(first, second)),
        (admin.pk, changed.format(second, "tidak ada register")),
        (admin.pk, changed.format("tidak ada register", first)),
    ]


# --- What was taken ------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [OTHER, None])
def test_what_was_taken_stays_as_it_was(year, admin, source):
    secretary = secretary_of(year)
    answer = answer_of(year, "26.4")
    seen = offer(year).seen
    take_value(answer_id=answer.pk, seen=seen, by=secretary, at=NOW)
    kept = list(TakenValue.objects.values()), list(Answer.objects.filter(pk=answer.pk).values())

    choose(year, source, admin)

    now = list(TakenValue.objects.values()), list(Answer.objects.filter(pk=answer.pk).values())
    assert now == kept
    [evidence] = answer.evidence.all()
    assert evidence.document.title == "Matriks 26.4 dari register, 2025"
    assert offer(year) is None if source is None else offer(year).has_moved


def test_nobody_takes_what_they_did_not_see(year, admin):
    seen = offer(year).seen
    choose(year, OTHER, admin)
    taking = {"answer_id": answer_of(year, "26.4").pk, "by": secretary_of(year), "at": NOW}

    with refused("moved"):
        take_value(seen=seen, **taking)
    choose(year, None, admin)
    with refused("no_register"):
        take_value(seen=seen, **taking)

    assert TakenValue.objects.count() == 0


def test_the_gaps_of_a_year_follow_what_answers(year, admin):
    for code in ("26.4", "26.18"):
        claim(answer_of(year, code), points=1, by=secretary_of(year))
    assert list(register_gaps(year)) == [answer_of(year, "26.4").pk]

    choose(year, None, admin)
    choose(year, SourceSpec("26.18", "gugus-tugas", "kha"), admin, code="26.18")

    assert list(register_gaps(year)) == [answer_of(year, "26.18").pk]


def test_the_same_rows_of_another_source_are_offered_anew(year, admin):
    seen = offer(year).seen
    take_value(answer_id=answer_of(year, "26.4").pk, seen=seen, by=secretary_of(year), at=NOW)
    assert (offer(year).has_moved, offer(year).is_current) == (False, True)

    choose(year, OTHER, admin)
    TakenValue.objects.update(fingerprint=offer(year).answer.fingerprint)

    assert (offer(year).has_moved, offer(year).is_current) == (True, False)


@pytest.mark.parametrize("changed", [OTHER, replace(OF_FILE, files_as="")])
def test_a_source_that_changed_between_look_and_click_is_not_taken_though_its_rows_are_the_same(
    year, admin, changed
):
    """One unit has reported, and of both criteria the same."""
    Report.objects.filter(unit__city=year.city).delete()
    for criterion in ("26.4", "26.5"):
        ReportFactory(unit=year.city.units.exclude(parent=None).first(), criterion=criterion)
    before = offer(year)

    choose(year, changed, admin)

    assert offer(year).answer.fingerprint == before.answer.fingerprint
    taking = {"answer_id": answer_of(year, "26.4").pk, "by": secretary_of(year), "at": NOW}
    with refused("moved"):
        take_value(seen=before.seen, **taking)
    assert TakenValue.objects.count() == 0
    assert take_value(seen=offer(year).seen, **taking).key == changed.key


# --- A corrected instrument ----------------------------------------------------------------------


def correction_of(instrument, admin, code, **changes):
    """The published correction of it, in which `changes` are made to every question."""
    start_correction(
        instrument=instrument, code=code, correction_note="Salah ketik", by=admin, at=NOW
    )
    draft = Instrument.objects.get(code=code)
    Question.objects.of_instrument(draft).update(**changes)
    publish_draft(instrument=draft, seen=checksum(spec_of(draft)), by=admin, at=NOW)
    return Instrument.objects.get(code=code)


def next_year(year, instrument, admin):
    opened = {"city": year.city, "instrument": instrument, "year": year.year + 1}
    return open_assessment(**opened, target=None, deadline=None, by=admin, at=NOW)


def default_codes(instrument):
    return {one.question.code: one.source for one in source_lines(instrument) if one.source}


def test_a_correction_takes_the_sources_of_what_it_corrects_and_of_what_was_chosen_there(
    year, admin
):
    choose(year, OTHER, admin)
    choose(year, None, admin, code="26.5")
    first = correction_of(year.instrument, admin, "kla-2023-b")
    second = correction_of(first, admin, "kla-2023-c")

    before = default_codes(year.instrument)
    assert before["26.4"] == OTHER
    assert "26.5" not in before
    assert default_codes(first) == default_codes(second) == before
    later_year = next_year(year, second, admin)
    assert source_for(answer_of(later_year, "26.4"), later_year) == OTHER
    codes = Answer.objects.filter(with_source(second), assessment=later_year)
    assert set(codes.values_list("question__code", flat=True)) == before.keys()


def test_what_is_chosen_for_a_correction_holds_there_alone(year, admin):
    corrected = correction_of(year.instrument, admin, "kla-2023-b")
    later_year = next_year(year, corrected, admin)

    choose(later_year, OTHER, admin)
    assert (said(later_year), said(year)) == (OTHER, OF_FILE)
    choose(later_year, OF_FILE, admin)  # what holds without a choice is not kept as one
    assert QuestionSource.objects.count() == 0
    choose(later_year, None, admin)
    to_file(later_year, admin)
    assert said(later_year) == OF_FILE


def test_a_correction_that_asks_in_another_form_takes_nothing_from_there(year, admin):
    corrected = correction_of(year.instrument, admin, "kla-2023-b", answer_type="count")
    later_year = next_year(year, corrected, admin)

    assert said(later_year) is None
    [line] = [one for one in source_lines(corrected) if one.question.code == "26.4"]
    assert (line.source, len(line.findings)) == (OF_FILE, 1)


def test_a_year_by_a_correction_is_looked_at_in_as_many_queries_however_many_questions(
    year, admin, django_assert_max_num_queries
):
    corrected = correction_of(year.instrument, admin, "kla-2023-b")
    later_year = next_year(year, corrected, admin)
    answers = list(later_year.answers.select_related("question__changed_source"))

    with django_assert_max_num_queries(3):  # what it corrects, and what was chosen there
        found = [source_for(answer, later_year) for answer in answers]
    assert len([one for one in found if one]) == len(default_codes(year.instrument))


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        SourceSpec("26.4", "wilayah", "kla-2023/99.9"),
        SourceSpec("26.4", "perpustakaan", "kha"),
        SourceSpec("26.4", "data-anak", "akta/count"),  # a share is asked for
        SourceSpec("26.4", "wilayah", "kla-2023/26.4", "foto"),
    ],
    ids=told_source,
)
def test_what_cannot_answer_is_refused(year, admin, source):
    before = rows()

    with refused("misfit"):
        choose(year, source, admin)

    assert (rows(), said(year)) == (before, OF_FILE)


def test_of_two_who_change_the_same_the_second_is_told(year, admin):
    choose(year, None, admin, seen=told_source(OF_FILE))
    before = rows()

    with refused("stale"):
        choose(year, OTHER, admin, seen=told_source(OF_FILE))

    assert rows() == before


def test_a_draft_has_no_registers_yet(admin, site):
    draft = create_draft(spec=small_spec(code="rancangan"), by=admin, at=NOW)
    question = Question.objects.of_instrument(draft).first()
    before = rows()

    with refused("draft"):
        set_source(question_id=question.pk, source=None, seen=told_source(None), by=admin, at=NOW)
    with refused("draft"):
        use_file_source(question_id=question.pk, by=admin, at=NOW)

    assert rows() == before
    assert site.get(reverse("registers:source_list", args=["rancangan"])).status_code == 404


def test_those_who_fill_a_year_change_nothing(year):
    before = rows()

    for deed in (lambda by: choose(year, None, by), lambda by: to_file(year, by)):
        with pytest.raises(PermissionDenied):
            deed(secretary_of(year))

    assert rows() == before


@pytest.mark.parametrize(
    ("register", "key", "kind"), [("", "kha", ""), ("x", "", ""), ("", "", "y")]
)
def test_half_a_source_is_not_stored(year, admin, register, key, kind):
    question = answer_of(year, "26.4").question
    half = {"register": register, "key": key, "files_as": kind, "by": admin, "at": NOW}

    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionSource.objects.create(question=question, **half)


# --- What registers offer, and what they offer no more ----------------------------------------------


def test_every_register_names_what_it_counts():
    offered = {code: list(register.keys()) for code, register in registers().items()}

    given = {code: [registers()[code].gives(key) for key in keys] for code, keys in offered.items()}
    assert {kind for kinds in given.values() for kind in kinds} == set(AnswerKind)
    unknown = [
        told_source(one)
        for spec in packaged_sources()
        for one in spec.sources
        if one.key not in offered[one.register]
    ]
    assert unknown == []


def test_what_is_counted_no_longer_is_told_and_answers_nothing(year, admin, site):
    choose(year, OTHER, admin)
    QuestionSource.objects.update(key="kla-2019/1.1")  # as a later version finds it
    told = "Tidak ada register yang menghitung “wilayah kla-2019/1.1”."

    assert (said(year), offer(year)) == (None, None)
    assert [one.findings for one in source_lines(year.instrument) if one.findings] == [[told]]
    assert told in site.get(address(year, "source_list")).text
    assert told in site.get(address(year, "source_edit", "26.4")).text
    assert lint() == (0, "")
    assert lint("--changed") == (1, f"kla-2023 26.4: {told}")


def lint(*options):
    out = StringIO()
    try:
        call_command("lint_registers", *options, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue().splitlines()[0]
    return 0, ""


# --- Pages ---------------------------------------------------------------------------------------


def test_the_list_says_where_each_source_comes_from(year, admin, site):
    choose(year, None, admin)

    page = site.get(address(year, "source_list"))

    lines = {one.question.code: one for one in page.context["lines"]}
    assert ("26.18" in lines, lines["26.4"].source, lines["26.4"].changed.by) == (
        False,
        None,
        admin,
    )
    assert (lines["26.5"].register, lines["26.5"].gives) == ("Laporan wilayah", "persentase")
    assert page.context["facts"]["changed"] == 1
    everything = site.get(address(year, "source_list") + "?semua").context["lines"]
    assert len(everything) == Question.objects.of_instrument(year.instrument).count()


def test_the_form_offers_what_fits_and_says_what_it_answers_already(year, site):
    form = site.get(address(year, "source_edit", "26.4")).context["form"]

    offered = dict(pair for _group, pairs in form.fields["source"].choices[1:] for pair in pairs)
    assert "data-anak akta" in offered
    assert "data-anak akta/count" not in offered
    assert offered["wilayah kla-2023/26.5"].endswith("(sudah menjawab 26.5)")
    assert not offered["wilayah kla-2023/26.4"].endswith(")")


def test_a_source_is_changed_and_brought_back_on_the_pages(year, site):
    page = address(year, "source_edit", "26.4")
    sent = {"source": "wilayah kla-2023/26.5", "files_as": "", "seen": told_source(OF_FILE)}

    assert site.post(page, sent).url == address(year, "source_list")
    assert said(year) == SourceSpec("26.4", "wilayah", "kla-2023/26.5")
    refused_page = site.post(page, sent)  # what was shown holds no more
    assert "sudah diubah orang lain" in refused_page.text
    assert refused_page.context["seen"] == told_source(said(year))

    assert site.post(address(year, "source_reset", "26.4")).url == address(year, "source_list")
    assert said(year) == OF_FILE


def test_no_page_of_a_question_that_is_not_there(year, site):
    assert site.get(address(year, "source_edit", "99.9")).status_code == 404
    assert site.post(address(year, "source_reset", "99.9")).status_code == 404
