"""What a refusal leaves behind: every row as it was."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError


def rows():
    """Every row of every instrument and of the log, to be compared with itself later."""
    models = apps.get_app_config("clusters").get_models(include_auto_created=True)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models} | {
        "log": list(LogEntry.objects.order_by("pk").values())
    }


@contextmanager
def nothing_changes():
    before = rows()
    yield
    assert rows() == before


def refusal(deed, **arguments):
    """The code and the sentence with which a deed is refused, after which nothing has changed."""
    with nothing_changes(), pytest.raises(ValidationError) as caught:
        deed(**arguments)
    [sentence] = caught.value.messages
    return caught.value.code, sentence
