"""Messages of the public whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City, CityTrailEvent, User
from cities.permissions import lock_city, require_site_admin
from cities.services.activity import NewEntry, record
from public.choices import MessageState
from public.models import PublicMessage
from texts.languages import deed


def messages_until(moment: datetime) -> QuerySet[PublicMessage]:
    """Those marked at that moment or before; unread ones that came on a day before it."""
    came = Q(settled_at=None, on__lt=timezone.localdate(moment))
    return PublicMessage.objects.filter(Q(settled_at__lte=moment) | came)


@deed
def remove_messages(*, until: datetime, by: User, at: datetime) -> int:
    """Delete them; the trail tells how many they were, and how many nobody had read.

    Raises PermissionDenied.
    """
    require_site_admin(by)
    removed = 0
    cities = City.objects.filter(public_messages__in=messages_until(until)).distinct()
    for pk in cities.order_by("pk").values_list("pk", flat=True):
        city = lock_city(pk)  # nobody marks one meanwhile
        rows = messages_until(until).filter(city=city)
        unread = rows.filter(state=MessageState.NEW).count()
        count, _rows = rows.delete()
        if count:
            told = {"count": count, "unread": unread}
            what = _("%(count)d pesan warga, %(unread)d di antaranya belum dibaca") % told
            record(NewEntry(CityTrailEvent.DATA_REMOVED, what), city=city, by=by, at=at)
        removed += count
    return removed
