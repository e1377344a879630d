"""Days as people write them, and the field that takes them."""

import datetime as dt

import pytest
from django import forms
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from texts.day_fields import DayField, MomentField
from texts.days import EARLIEST, LATEST, MONTHS, day_from, moment_from, written

days = st.dates(dt.date(EARLIEST, 1, 1), dt.date(LATEST, 12, 31))


class Form(forms.Form):
    day = DayField(required=False)


@given(day=days, data=st.data())
def test_a_day_comes_back_however_it_is_written(day, data):
    name = data.draw(
        st.sampled_from([name for name, month in MONTHS.items() if month == day.month])
    )
    case = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
    gap = data.draw(st.sampled_from([" ", "  ", "-", " \n"]))
    number = data.draw(st.sampled_from([f"{day.day}", f"{day.day:02}"]))
    shapes = [
        written(day),
        day.isoformat(),
        day.strftime("%d/%m/") + f"{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{number}{gap}{case(name)}{gap}{day.year}",
        f"{day.day:02}{day.month:02}{day.year}",
        f"  {written(day)} ",
    ]

    assert [day_from(shape) for shape in shapes] == [day] * len(shapes)


@given(day=days, time=st.times())
def test_a_moment_comes_back_however_it_is_written(day, time):
    moment = dt.datetime.combine(day, time)
    whole, minute = moment.replace(microsecond=0), moment.replace(second=0, microsecond=0)
    said = written(day)

    for shape in (f"{said} {moment:%H.%M.%S}", f"{said}, {moment:%H:%M:%S}", whole.isoformat()):
        assert moment_from(shape) == whole
    assert moment_from(f"{said} {moment:%H.%M}") == minute


@pytest.mark.parametrize(
    "text", ["", "21-11-2026", "21-11-2026 25.00", "31-02-2026 10.00", "21-11-26 10.00", "10.00"]
)
def test_what_names_no_moment_is_none(text):
    assert moment_from(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kemarin",
        "31-31-2025",
        "31-02-2025",
        "29 Februari 2025",
        "21-11-26",  # which number is the year?
        "2026",
        "November 2026",
        "21-11/2026",
        "21-11-1126",
        "٢١-١١-٢٠٢٦",
        "21 November 2026 dan 22 November 2026",
    ],
)
def test_what_names_no_single_day_is_none(text):
    assert day_from(text) is None


@given(text=st.text(max_size=200) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-z]{1,9}[-/. ][0-9]{1,4}"))
def test_no_text_makes_the_reader_fail(text):
    day = day_from(text)

    assert day is None or EARLIEST <= day.year <= LATEST


def test_a_field_shows_a_day_as_people_type_it_and_takes_it_back():
    field = Form(initial={"day": dt.date(2026, 11, 21)})["day"]

    assert 'value="21-11-2026"' in str(field)
    assert 'type="text"' in str(field)
    assert Form({"day": "21 November 2026"}).fields["day"].clean("21 November 2026") == dt.date(
        2026, 11, 21
    )


def test_a_field_may_be_left_empty_and_says_how_a_day_is_typed():
    empty, wrong = Form({"day": " "}), Form({"day": "21-11-26"})

    assert (empty.is_valid(), empty.cleaned_data) == (True, {"day": None})
    assert wrong.errors["day"] == ["Tulis tanggal sebagai hari-bulan-tahun, misalnya 21-11-2026."]


def test_what_was_typed_stands_there_again_after_a_refusal():
    assert 'value="21-11-26"' in str(Form({"day": "21-11-26"})["day"])


def test_a_form_with_a_day_brings_the_script_of_the_calendar():
    assert "js/days.js" in str(Form().media)
    assert 'type="module"' in str(Form().media)


def test_a_moment_is_shown_as_it_is_typed_and_meant_by_the_clock_of_the_city():
    class Appointment(forms.Form):
        at = MomentField()

    with timezone.override("Asia/Jakarta"):
        at = dt.datetime(2026, 11, 21, 7, 30, tzinfo=dt.UTC)
        shown = str(Appointment(initial={"at": timezone.localtime(at)})["at"])
        form = Appointment({"at": "21 November 2026 14.30"})

        assert 'value="21-11-2026 14.30.00"' in shown
        assert (form.is_valid(), form.cleaned_data["at"]) == (True, at)
        assert Appointment({"at": "besok"}).errors["at"] == [
            "Tulis tanggal dan jam, misalnya 21-11-2026 14.30."
        ]
