"""The rules about the fields of forms, as tests over every form of the site and every template."""

import importlib
import pkgutil
import re
from pathlib import Path

from django import forms
from django.apps import apps

from assessments.forms.uploads import CheckedFilesField
from texts.day_fields import DayField, DayInput, MomentField, MomentInput
from texts.file_fields import FilePicker

ROOT = Path(__file__).parent.parent
KINDS = "(?:file|date|datetime-local|time|month|week)"
MADE = re.compile(rf"<input\b[^>]*\btype=[\"']?{KINDS}\b|\.type = .*\"{KINDS}\"")


def all_fields():
    """Every field that a form of ours declares, with its name; the forms are those of `forms` in each package."""
    for app in apps.get_app_configs():
        if Path(app.path).parent == ROOT:
            for module in pkgutil.walk_packages([app.path], f"{app.name}."):
                if ".forms" in module.name:
                    importlib.import_module(module.name)
    waiting, seen = [forms.BaseForm], set()
    while waiting:
        form = waiting.pop()
        waiting += set(form.__subclasses__()) - seen
        seen.add(form)
        if Path(ROOT / form.__module__.split(".")[0]).is_dir() and "tests" not in form.__module__:
            for name, field in getattr(form, "base_fields", {}).items():
                yield f"{form.__module__}.{form.__name__}.{name}", field


def test_every_field_for_files_speaks_indonesian():
    found = {name: field for name, field in all_fields() if isinstance(field, forms.FileField)}

    assert len(found) > 10
    assert [name for name, one in found.items() if not isinstance(one.widget, FilePicker)] == []


def test_only_a_field_that_takes_several_files_lets_several_be_chosen():
    fields = [one for _name, one in all_fields() if isinstance(one, CheckedFilesField)]

    assert {bool(one.widget.attrs.get("multiple")) == (one.limit > 1) for one in fields} == {True}


def test_every_field_for_a_day_or_a_moment_is_typed_in_our_words():
    other = [
        name
        for name, field in all_fields()
        if isinstance(field, forms.DateField | forms.DateTimeField | forms.TimeField)
        and not field.widget.is_hidden
        and not (
            isinstance(field, DayField | MomentField)
            and isinstance(field.widget, DayInput | MomentInput)
        )
    ]

    assert other == []


def test_no_field_asks_the_browser_for_its_own_picker():
    widgets = {name: field.widget for name, field in all_fields()}

    assert [
        name
        for name, widget in widgets.items()
        if getattr(widget, "input_type", "") in {"date", "datetime-local", "time", "month", "week"}
    ] == []


def test_no_template_and_no_script_makes_such_a_control_but_those_that_give_it_words():
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]

    made = {path.name: len(MADE.findall(path.read_text())) for path in files}

    assert {name: count for name, count in made.items() if count} == {
        "file_drop.html": 2,  # the field, and the camera inside a button of its own
        "days.js": 1,  # the calendar behind the button
    }
