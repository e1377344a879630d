"""What OPDs have drafted, for the agenda of the Gugus Tugas."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from cities.models import City
from regulations.models import Regulation

MOST_DRAFTS = 5  # an agenda is one page


def agenda_of_drafts(city: City, *, today: date) -> list[str]:
    """For `KLA_AGENDA_SOURCES`: drafts of OPDs that nobody has taken on yet, the oldest first."""
    drafts = Regulation.objects.filter(city=city, is_draft=True, number="", initiator__isnull=False)
    found = list(drafts.select_related("initiator").order_by("at", "pk"))
    said = [
        _("%(draft)s tentang %(title)s (%(opd)s)")
        % {"draft": one, "title": one.title, "opd": one.initiator}
        for one in found[:MOST_DRAFTS]
    ]
    if len(found) > MOST_DRAFTS:
        more = len(found) - MOST_DRAFTS
        said.append(_("%(count)d rancangan produk hukum lain dari OPD") % {"count": more})
    return said
