"""Changing one's own e-mail: asked for here, confirmed at the new address, told to the old one.

Nothing changes before the link that went to the new address is opened by the account that asked.
The link is made in the letter itself, never stored, and signed with what a session is signed with:
a new password, or the end of all sessions, lets it lapse. Whether the new address already has an
account shows nowhere: then no letter goes out, and that is all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from cities.emails import clean_email
from cities.models import CityTrailEvent, EmailChange, User
from cities.models.email_change import VALID
from cities.services.accounts import (
    account_facts,
    account_name,
    held_cities,
    record_for_each,
)
from cities.services.activity import NewEntry
from figures.numbers import format_zoned_moment
from jobs.running import ask
from outbox.composing import new_letter
from outbox.models import LetterKind
from outbox.sending import Clock, Outcome, Waiting, forget, is_set_up, send_letters
from texts.languages import deed

SALT = "cities.email-change"
JOB = "cities.jobs.send_email_changes"


@deed
def order_email_change(*, email: str, by: User, at: datetime) -> EmailChange:
    """Ask for another address of one's own; an earlier request gives way to this one.

    Raises ValidationError (`same_email`, `no_mail`, what `clean_email` raises).
    """
    email = clean_email(email)
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if email.lower() == user.email.lower():
        raise ValidationError(
            _lazy("Akun Anda sudah memakai %(email)s. Tulis alamat yang lain."),
            code="same_email",
            params={"email": user.email},
        )
    if not is_set_up():
        raise ValidationError(
            _lazy(
                "Server e-mail belum diatur, jadi tautan tidak dapat dikirim. Hubungi administrator."
            ),
            code="no_mail",
        )
    EmailChange.objects.filter(user=user, done_at=None).delete()
    change = EmailChange.objects.create(user=user, before=user.email, after=email, asked_at=at)
    ask(JOB, at=at)
    return change


@deed
def confirm_email_change(*, token: str, by: User, at: datetime) -> User:
    """Take the address into use that the link was sent to, and end every session of the account.

    A page that goes on signs its own session anew. Raises ValidationError (`dead_link`) for a link
    that is old, used, replaced, of another account, or whose address somebody else has by now.
    """
    change_id = _read(token, by)
    cities = held_cities(by)
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    change = EmailChange.objects.open_at(at).filter(pk=change_id, user=user).first()
    if change is None or _is_anothers(change.after, user):
        raise _dead()
    target, before = account_name(user), account_facts(user)
    user.email = change.after
    user.sessions_ended_at = at
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "sessions_ended_at"])
    except IntegrityError as error:  # somebody took it this very moment
        raise _dead() from error
    forget(LetterKind.NOTICES, user.pk)  # it may go through to the new address
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    entry = NewEntry(CityTrailEvent.ACCOUNT_CHANGED, target, before, account_facts(user))
    record_for_each(cities, entry, user, at)
    EmailChange.objects.filter(pk=change.pk).update(done_at=at, told_at=None)
    forget(LetterKind.EMAIL_NOTICE, change.pk)
    ask(JOB, at=at)
    return user


def change_of_link(token: str, user: User, *, at: datetime) -> EmailChange:
    """What the link would change for this account. Raises ValidationError (`dead_link`)."""
    changes = EmailChange.objects.open_at(at).filter(pk=_read(token, user), user=user)
    change = changes.first()
    if change is None:
        raise _dead()
    return change


def link_token(change: EmailChange, user: User) -> str:
    return signing.dumps(change.pk, salt=_salt(user))


def send_email_changes(*, now: Clock) -> Outcome:
    """Send the links and the notices that wait; requests that lapsed are dropped."""
    EmailChange.objects.lapsed_at(now()).delete()
    links = send_letters(_Links(), now=now)
    notices = send_letters(_Notices(), now=now)
    return Outcome(
        sent=links.sent + notices.sent,
        failed=links.failed + notices.failed,
        is_server_away=links.is_server_away or notices.is_server_away,
    )


def _salt(user: User) -> str:
    return f"{SALT}.{user.get_session_auth_hash()}"


def _read(token: str, by: User) -> int:
    try:
        return int(signing.loads(token, salt=_salt(by), max_age=VALID))
    except (signing.BadSignature, ValueError, TypeError):
        raise _dead() from None


def _dead() -> ValidationError:
    return ValidationError(
        _lazy("Tautan ini tidak berlaku lagi. Minta tautan baru di halaman alamat e-mail Anda."),
        code="dead_link",
    )


def _is_anothers(email: str, user: User) -> bool:
    return User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()


class _Links:
    """A `Mailbag`: the letter to the new address, with the link in it."""

    kind = LetterKind.EMAIL_LINK

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        rows = EmailChange.objects.open_at(at).filter(link_sent_at=None).order_by("pk")
        for pk, asked_at in rows.values_list("pk", "asked_at"):
            yield Waiting(pk, asked_at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        rows = EmailChange.objects.open_at(at).filter(link_sent_at=None).select_related("user")
        change = rows.filter(pk=subject, user__is_active=True).first()
        if change is None or _is_anothers(change.after, change.user):
            return None
        path = reverse("cities:email_confirm", args=[link_token(change, change.user)])
        return new_letter(
            subject=_("Konfirmasi alamat e-mail baru"),
            text=_(
                "Yth. Bapak/Ibu,\n\n"
                "Pemilik sebuah akun KLA ingin memakai alamat ini untuk masuk. Bila itu Anda, "
                "buka tautan berikut dalam 24 jam, masuk bila diminta, lalu tekan “Pakai alamat "
                "ini”:\n\n%(url)s\n\n"
                "Bila bukan Anda, abaikan surat ini; tidak ada yang berubah."
            )
            % {"url": f"{settings.KLA_BASE_URL}{path}"},
            to=change.after,
        )

    def delivered(self, subject: int, at: datetime) -> None:
        EmailChange.objects.filter(pk=subject).update(link_sent_at=at)


class _Notices:
    """A `Mailbag`: what the old address reads, when a change was asked for and when it is done."""

    kind = LetterKind.EMAIL_NOTICE

    def __init__(self) -> None:
        self.told: dict[int, datetime | None] = {}

    def waiting(self, at: datetime) -> Iterator[Waiting]:
        rows = EmailChange.objects.filter(told_at=None).order_by("pk")
        for pk, asked_at, done_at in rows.values_list("pk", "asked_at", "done_at"):
            yield Waiting(pk, done_at or asked_at)

    def compose(self, subject: int, at: datetime) -> EmailMessage | None:
        change = EmailChange.objects.filter(pk=subject, told_at=None).select_related("user").first()
        if change is None:
            return None
        self.told[subject] = change.done_at
        return _asked_notice(change) if change.done_at is None else _done_notice(change)

    def delivered(self, subject: int, at: datetime) -> None:
        done_at = self.told[subject]
        rows = EmailChange.objects.filter(pk=subject, done_at=done_at)
        rows.update(told_at=at) if done_at is None else rows.delete()


def _asked_notice(change: EmailChange) -> EmailMessage:
    return new_letter(
        subject=_("Permintaan mengganti alamat e-mail Anda"),
        text=_(
            "Yth. %(name)s,\n\n"
            "Ada permintaan agar akun KLA Anda memakai %(after)s, bukan alamat ini. Belum ada yang "
            "berubah sampai alamat itu dikonfirmasi.\n\n"
            "Bila bukan Anda yang memintanya, segera ubah kata sandi Anda; permintaan itu lalu "
            "batal dan semua sesi lain berakhir:\n\n%(url)s\n\n"
            "Beri tahu juga administrator kota Anda."
        )
        % _facts(change),
        to=change.before,
    )


def _done_notice(change: EmailChange) -> EmailMessage:
    who = _("seorang administrator") if change.is_by_administrator else _("Anda sendiri")
    return new_letter(
        subject=_("Alamat e-mail Anda diganti"),
        text=_(
            "Yth. %(name)s,\n\n"
            "Sejak %(done_at)s akun KLA Anda memakai %(after)s; diganti oleh %(who)s. Dengan "
            "alamat ini Anda tidak dapat masuk lagi, dan surat berikutnya dikirim ke sana.\n\n"
            "Bila itu keliru, atau bukan Anda yang melakukannya, segera hubungi administrator kota "
            "Anda atau administrator situs: mereka dapat mengembalikan alamatnya dan menutup akun."
        )
        % {**_facts(change), "who": who},
        to=change.before,
    )


def _facts(change: EmailChange) -> dict[str, object]:
    return {
        "name": change.user.name,
        "after": change.after,
        "done_at": format_zoned_moment(change.done_at),
        "url": f"{settings.KLA_BASE_URL}{reverse('account_change_password')}",
    }
