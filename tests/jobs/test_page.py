"""The operator's page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from figures.numbers import format_zoned_moment
from jobs.models import Job
from jobs.running import ask, carry_out
from jobs.schedule import tick
from kla.schedule import SCHEDULE
from tests.factories.cities import SiteAdminFactory
from tests.jobs import examples

NAME = "tests.jobs.examples.example"
NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(SiteAdminFactory())
    return client


def park(*arguments, fault="OSError: tidak ada ruang"):
    ask(NAME, *arguments, at=NOW)
    Job.objects.filter(parked_at=None).update(parked_at=NOW, failed_at=NOW, attempts=3, fault=fault)


def test_what_stopped_stands_first_with_its_reason(operator):
    park(17, fault="OSError: <b>disk</b>")

    page = " ".join(operator.get(reverse("job_list")).content.decode().split())

    assert f"Gagal sejak {format_zoned_moment(NOW)}, 3 kali dicoba." in page
    assert "OSError: &lt;b&gt;disk&lt;/b&gt;" in page


def test_the_schedule_says_when_each_was_done_and_comes_next(operator):
    tick(SCHEDULE, at=NOW)
    carry_out("assessments.jobs.sweep", now=lambda: NOW)

    rows = operator.get(reverse("job_list")).context["planned"]

    done = {str(row.label): row.job.done_at for row in rows}
    assert done.pop("Sisa unggahan dan formulir") == NOW
    assert set(done.values()) == {None}
    assert len(rows) == len(SCHEDULE)


def test_a_job_of_a_newer_release_is_called_by_its_name(operator):
    park()
    Job.objects.update(name="assessments.jobs.of_tomorrow")

    assert operator.get(reverse("job_list")).context["parked"][0].label == (
        "assessments.jobs.of_tomorrow"
    )


def test_one_press_lets_it_begin_anew_and_a_second_says_so(operator):
    park(17)
    address = reverse("job_try_again", args=[Job.objects.get().pk])

    first = operator.post(address, follow=True)
    second = operator.post(address, follow=True)

    told = [[str(message) for message in page.context["messages"]] for page in (first, second)]
    assert told == [
        ["Contoh segera dicoba lagi."],
        ["Pekerjaan ini tidak lagi terhenti; tidak ada yang diubah."],
    ]
    assert (Job.objects.get().parked_at, examples.done) == (None, [])


def test_a_job_that_is_gone_meanwhile_is_told_too(operator):
    page = operator.post(reverse("job_try_again", args=[404]), follow=True)

    assert [message.level_tag for message in page.context["messages"]] == ["warning"]


@pytest.mark.parametrize("count", [1, 60])
def test_it_costs_the_same_for_any_number(operator, django_assert_max_num_queries, count):
    for number in range(count):
        park(number)
    Job.objects.filter(pk__gt=5).update(parked_at=None, held_until=NOW + timedelta(days=900))

    with django_assert_max_num_queries(9):
        operator.get(reverse("job_list"))
