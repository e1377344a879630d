"""What packages above keep of a year that is closed; the settings name them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from assessments.models import Assessment
from cities.models import User


def keep_of_closed(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Call each function of `KLA_CLOSING` within the transaction that closes the year.

    They are parts of that deed: its permission was asked, and the year is held.
    """
    for path in settings.KLA_CLOSING:
        import_string(path)(assessment, by=by, at=at)
