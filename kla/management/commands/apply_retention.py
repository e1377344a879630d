"""Remove what is no longer needed, by the rules of KLA_RETENTION; the list comes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from api.services import deliveries as webhooks
from assessments.services import retention as years
from cities.models import User
from cities.services import retention as people
from meetings.services import retention as meetings
from public.services import retention as public

Remove = Callable[[datetime, User, datetime], int]


def _anonymise(until: datetime, by: User, at: datetime) -> int:
    accounts = people.closed_accounts(until)
    for user in accounts:
        people.anonymise_account(user=user, by=by, at=at)
    return len(accounts)


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, how to list it, and what removes it."""

    name: str
    label: str
    listed: Callable[[datetime], list[str]]
    remove: Remove


def _titles(rows: Any, *fields: str) -> list[str]:
    return [" ".join(map(str, row)) for row in rows.order_by("pk").values_list(*fields)]


RULES = (
    Rule(
        "notices",
        "pemberitahuan",
        lambda until: _titles(years.notices_until(until), "pk", "created_at", "kind"),
        lambda until, by, at: years.remove_notices(until=until, by=by, at=at),
    ),
    Rule(
        "invitations",
        "undangan",
        lambda until: _titles(people.settled_invitations(until), "pk", "invited_at"),
        lambda until, by, at: people.remove_invitations(until=until, by=by, at=at),
    ),
    Rule(
        "accounts",
        "akun",
        lambda until: [f"{user.pk} {user.email}" for user in people.closed_accounts(until)],
        _anonymise,
    ),
    Rule(
        "renditions",
        "pratinjau",
        lambda until: _titles(years.renditions_until(until), "document_id", "document__title"),
        lambda until, by, at: years.remove_renditions(until=until, by=by, at=at),
    ),
    Rule(
        "documents",
        "berkas dokumen",
        lambda until: _titles(years.documents_until(until), "pk", "title"),
        lambda until, by, at: years.remove_documents(until=until, by=by, at=at),
    ),
    Rule(
        "messages",
        "pesan warga",
        lambda until: _titles(public.messages_until(until), "pk", "on", "state"),
        lambda until, by, at: public.remove_messages(until=until, by=by, at=at),
    ),
    Rule(
        "deliveries",
        "pengiriman webhook",
        lambda until: _titles(webhooks.deliveries_until(until), "pk", "created_at", "event"),
        lambda until, _by, _at: webhooks.remove_deliveries(until=until),
    ),
    Rule(
        "attendances",
        "nama pada daftar hadir rapat",
        lambda until: _titles(meetings.lists_until(until), "pk", "closed_at", "title"),
        lambda until, by, at: meetings.remove_names(until=until, by=by, at=at),
    ),
)


class Command(BaseCommand):
    help = "List what the rules of KLA_RETENTION no longer keep, and remove it unless --dry-run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only list what would go.")
        parser.add_argument(
            "--by", metavar="EMAIL", help="The site administrator who answers for it in the trail."
        )

    def handle(self, *, dry_run: bool, by: str | None, **options: Any) -> None:
        at = timezone.now()
        person = None if dry_run else _administrator(by)
        for rule in RULES:
            until = _until(rule, at)
            if until is None:
                self.stdout.write(f"{rule.label}: disimpan terus")
                continue
            rows = rule.listed(until)
            self.stdout.write(f"{rule.label}: {len(rows)}, sampai {until:%d-%m-%Y}")
            for row in rows:
                self.stdout.write(f"  {row}")
            if person is not None:
                self.stdout.write(f"  dihapus: {rule.remove(until, person, at)}")
        expired = Session.objects.filter(expire_date__lte=at)
        self.stdout.write(f"sesi yang habis: {expired.count()}")
        if person is not None:
            expired.delete()


def _until(rule: Rule, at: datetime) -> datetime | None:
    try:
        return people.kept_since(rule.name, at=at)
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error


def _administrator(email: str | None) -> User:
    found = User.objects.filter(email__iexact=email or "", is_superuser=True, is_active=True)
    person = found.first()
    if person is None:
        raise CommandError(
            "Tulis --by dengan e-mail administrator situs yang aktif; namanya tercatat dalam jejak. "
            "Untuk melihat saja, pakai --dry-run."
        )
    return person
