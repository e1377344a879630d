"""Sessions of one's own: noted at sign-in and now and then, ended by their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import User, UserSession
from cities.models.sessions import USER_AGENT_LENGTH
from texts.languages import deed


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request tells of the session that it belongs to."""

    session_key: str
    auth_hash: str
    user_agent: str
    network: str | None


@deed
def note_session(*, user: User, seen: Seen, was: str | None, at: datetime) -> None:
    """Keep that a session was used; `was` is the key it had before, if that changed.

    The rows of sessions that are over go with it.
    """
    own = UserSession.objects.filter(user=user)
    facts = {
        "user": user,
        "auth_hash": seen.auth_hash,
        "user_agent": seen.user_agent[:USER_AGENT_LENGTH],
        "network": seen.network,
        "last_used_at": at,
    }
    key = {"session_key": seen.session_key}
    if not own.filter(session_key=was or seen.session_key).update(**facts, **key):
        UserSession.objects.update_or_create(
            **key, defaults=facts, create_defaults={**facts, **key, "signed_in_at": at}
        )
        own.exclude(pk__in=UserSession.objects.alive_of(user, at)).exclude(**key).delete()


@deed
def end_session(*, session: UserSession, by: User, at: datetime) -> None:
    """End one of one's own sessions: its next request is asked to sign in.

    Raises ValidationError if it is somebody else's or over already.
    """
    row = UserSession.objects.alive_of(by, at).filter(pk=session.pk).first()
    if row is None:
        raise ValidationError(_("Sesi ini sudah berakhir."), code="session_over")
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()


@deed
def end_all_sessions(*, by: User, at: datetime) -> User:
    """End every session of one's own, those that nobody noted too.

    A page that goes on signs its own session anew.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    user.sessions_ended_at = at
    user.save(update_fields=["sessions_ended_at"])
    return user
