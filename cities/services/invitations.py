"""Inviting people to a city, and what becomes of the invitation."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cities.emails import clean_email, comparable
from cities.models import City, CityTrailEvent, Invitation, InvitationState, Membership, Opd, User
from cities.models.invitation import CODE_TRIES, VALID_FOR, fingerprint
from cities.permissions import held_city, lock_city
from cities.roles import Permission
from cities.services.activity import NewEntry, record
from cities.services.members import enrol, is_waiting_for_password, refuse_unless_addable
from outbox.models import LetterKind
from outbox.sending import forget
from texts.languages import deed, in_indonesian

# A city of a thousand people is invited in an afternoon; a stolen account sends no more than this.
LETTERS_AN_HOUR = 300
AN_HOUR = timedelta(hours=1)
# What is told by telephone or written down: nothing that is taken for another sign.
CODE_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite."""

    email: str
    name: str
    role: str
    opd: Opd | None


@deed
def invite(*, city: City, guests: Sequence[Guest], by: User, at: datetime) -> list[Invitation]:
    """Write an invitation for each; the letters go out by `cities.services.mailing`.

    Whether an address has an account already is not looked at, so nobody learns it here.
    Raises ValidationError (those of `clean_email`, `member`, `invited`, `foreign_opd`, `inactive_opd`, `too_many`,
    and where role and OPD do not agree) and invites nobody then.
    """
    city = held_city(city, by=by, permission=Permission.MANAGE_MEMBERS)
    return write_invitations(city, guests, by=by, at=at)


def write_invitations(
    city: City, guests: Sequence[Guest], *, by: User, at: datetime
) -> list[Invitation]:
    """The part of `invite` after its question was asked; the city is held."""
    _refuse_flood(city, len(guests), at=at)
    emails = [clean_email(guest.email) for guest in guests]
    _refuse_known(city, emails)
    written = []
    for guest, email in zip(guests, emails, strict=True):
        _refuse_opd(city, guest.opd)
        invitation = Invitation(
            city=city,
            email=email,
            name=guest.name,
            role=guest.role,
            opd=guest.opd,
            invited_at=at,
            invited_by=by,
            expires_at=at + VALID_FOR,
        )
        invitation.clean_fields()
        invitation.validate_constraints()
        written.append(invitation)
    Invitation.objects.bulk_create(written)
    record(
        *(NewEntry(CityTrailEvent.INVITATION_SENT, str(one), after=_facts(one)) for one in written),
        city=city,
        by=by,
        at=at,
    )
    return written


@deed
def resend_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Let its letter go out once more, with a new link; the one before is dead from now on.

    Raises ValidationError (`used`, `revoked`, `too_many`).
    """
    city = held_city(invitation.city, by=by, permission=Permission.MANAGE_MEMBERS)
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    _refuse_flood(city, 1, at=at)
    _begin_anew(invitation, at=at)
    record(NewEntry(CityTrailEvent.INVITATION_RESENT, str(invitation)), city=city, by=by, at=at)
    return invitation


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An invitation with its only link and code; neither can be read anywhere afterwards."""

    invitation: Invitation
    token: str
    code: str


@deed
def hand_over_invitation(*, invitation: Invitation, by: User, at: datetime) -> HandedOver:
    """A link and a code to be told without mail; the link and code before are dead from now on.

    Raises ValidationError (`used`, `revoked`, `too_many`).
    """
    city = held_city(invitation.city, by=by, permission=Permission.MANAGE_MEMBERS)
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    _refuse_flood(city, 1, at=at)
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    _begin_anew(invitation, at=at, token=token, code=code)
    record(
        NewEntry(CityTrailEvent.INVITATION_HANDED_OVER, str(invitation)), city=city, by=by, at=at
    )
    return HandedOver(invitation, token, code)


def _begin_anew(invitation: Invitation, *, at: datetime, token: str = "", code: str = "") -> None:
    """End every link of an invitation: it waits for its letter, or has this link and code."""
    invitation.token_hash = fingerprint(token) if token else None
    invitation.code_hash = make_password(code) if code else ""
    invitation.code_tries = 0
    invitation.handed_over_at = at if code else None
    invitation.sent_at = None
    invitation.invited_at = at
    invitation.expires_at = at + VALID_FOR
    invitation.save(
        update_fields=[
            "token_hash",
            "code_hash",
            "code_tries",
            "handed_over_at",
            "sent_at",
            "invited_at",
            "expires_at",
        ]
    )
    forget(LetterKind.INVITATION, invitation.pk)


@deed
def revoke_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """End an invitation and its link. Raises ValidationError (`used`, `revoked`)."""
    city = held_city(invitation.city, by=by, permission=Permission.MANAGE_MEMBERS)
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    entry = NewEntry(CityTrailEvent.INVITATION_REVOKED, str(invitation), before=_facts(invitation))
    record(entry, city=city, by=by, at=at)
    return invitation


def get_invitation(token: str) -> Invitation | None:
    """The invitation whose newest link this is, whatever became of it."""
    invitations = Invitation.objects.select_related("city", "opd", "invited_by")
    return invitations.filter(token_hash=fingerprint(token)).first()


def account_of(invitation: Invitation) -> User | None:
    """The account of the invited address, whose owner has to sign in to accept.

    One that never had a password is none where a letter brought the link. Whoever handed a link
    over knows it too: then any account that knows the address is one.
    """
    user = User.objects.filter(email__iexact=invitation.email).first()
    if invitation.handed_over_at is not None:
        if user is None:
            other = EmailAddress.objects.filter(email__iexact=invitation.email)
            return next((one.user for one in other.select_related("user")), None)
        return user
    return None if user is None or is_waiting_for_password(user) else user


@in_indonesian
def accept_with_account(*, token: str, user: User, at: datetime, code: str = "") -> Membership:
    """Make the signed-in person a member, as they were invited to be.

    Raises ValidationError (`unknown`, `used`, `revoked`, `expired`, `locked`, `wrong_code`,
    `other_address`, `inactive_account`, `site_admin`, `inactive_opd`, or already a member).
    """
    known = _known(token, at=at)
    _refuse_other(known, user)
    if known.handed_over_at is not None:
        _prove_code(token, code, at=at)
    with transaction.atomic():
        return _accept(_to_accept(token, at=at), user, is_new=False, at=at)


def _refuse_other(invitation: Invitation, user: User) -> None:
    if comparable(user.email) != comparable(invitation.email):
        raise ValidationError(
            _("Undangan ini untuk %(email)s. Keluar, lalu masuk dengan e-mail itu."),
            code="other_address",
            params={"email": invitation.email},
        )


@in_indonesian
def accept_with_new_account(
    *, token: str, name: str, password: str, at: datetime, code: str = ""
) -> Membership:
    """Make an account for the invited address and its owner a member.

    An account that was once made for the address and never had a password is taken over where
    a letter brought the link: it shows that its mail is read. Raises ValidationError as
    `accept_with_account`, and `has_account`.
    """
    known = _known(token, at=at)
    if known.handed_over_at is not None:
        _refuse_account(known)  # before a try is counted
        _prove_code(token, code, at=at)
    with transaction.atomic():
        invitation = _to_accept(token, at=at)
        _refuse_account(invitation)
        return _accept_newcomer(invitation, name, password, at=at)


def _refuse_account(invitation: Invitation) -> None:
    if account_of(invitation) is not None:
        raise _has_account()


def _has_account() -> ValidationError:
    return ValidationError(
        _("E-mail ini sudah memiliki akun. Masuk dahulu, lalu terima undangannya."),
        code="has_account",
    )


def _accept_newcomer(
    invitation: Invitation, name: str, password: str, *, at: datetime
) -> Membership:
    user = None
    if invitation.handed_over_at is None:
        user = User.objects.filter(email__iexact=invitation.email).first()
    is_new = user is None
    user = user or User(email=invitation.email)
    user.name = name
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody else made it meanwhile, for another city
        raise _has_account() from error
    return _accept(invitation, user, is_new=is_new, at=at)


def _known(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link, if it can still be accepted."""
    known = get_invitation(token)
    if known is None:
        raise ValidationError(
            _("Tautan ini tidak berlaku. Gunakan tautan dari surat undangan yang terbaru."),
            code="unknown",
        )
    _refuse_over(known, at=at)
    return known


def _prove_code(token: str, code: str, *, at: datetime) -> None:
    """Refuse a wrong code of a link that was handed over, and count it for good.

    The count stands before anything else is tried, in a transaction of its own: the refusal that
    follows takes back what it finds open. A link that cannot be accepted is left to `_to_accept`.
    """
    with transaction.atomic(durable=True):
        rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
        invitation = rows.filter(token_hash=fingerprint(token)).first()
        if invitation is None or invitation.state_at(at) != InvitationState.HANDED_OVER:
            return
        if check_password(plain_code(code), invitation.code_hash):
            return
        invitation.code_tries += 1
        invitation.save(update_fields=["code_tries"])
    left = CODE_TRIES - invitation.code_tries
    if not left:
        raise _locked_out()
    raise ValidationError(
        _("Kode ini salah. Masih dapat dicoba %(left)d kali."),
        code="wrong_code",
        params={"left": left},
    )


def plain_code(text: str) -> str:
    """A code as it was made, however it was typed: without spaces and hyphens, in capitals."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _locked_out() -> ValidationError:
    return ValidationError(
        _("Kode salah dimasukkan %(tries)d kali; tautan ini mati. Mintalah yang baru."),
        code="locked",
        params={"tries": CODE_TRIES},
    )


def _to_accept(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link, held, if it can still be accepted."""
    known = _known(token, at=at)
    lock_city(known.city_id)
    invitation = _locked(known)
    if invitation.token_hash != fingerprint(token):  # sent again while we waited
        raise ValidationError(
            _("Tautan ini sudah diganti. Gunakan tautan dari surat yang terbaru."), code="unknown"
        )
    _refuse_over(invitation, at=at)
    return invitation


def _refuse_over(invitation: Invitation, *, at: datetime) -> None:
    _refuse_closed(invitation)
    if invitation.state_at(at) == InvitationState.EXPIRED:
        raise ValidationError(
            _("Undangan ini sudah kedaluwarsa. Mintalah admin kota mengirim ulang."),
            code="expired",
        )
    if invitation.state_at(at) == InvitationState.LOCKED:
        raise _locked_out()


def _accept(invitation: Invitation, user: User, *, is_new: bool, at: datetime) -> Membership:
    refuse_unless_addable(user, by=invitation.invited_by)
    membership = enrol(
        user,
        invitation.city,
        role=invitation.role,
        opd=invitation.opd,
        is_new=is_new,
        by=user,
        at=at,
        invited_by=invitation.invited_by,
    )
    invitation.accepted_at = at
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership


def _locked(invitation: Invitation) -> Invitation:
    """The invitation as it is now that nobody else changes the city's members."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("city", "opd", "invited_by").get(pk=invitation.pk)


def _facts(invitation: Invitation) -> dict[str, object]:
    opd = invitation.opd.name if invitation.opd else None
    return {"role": invitation.get_role_display(), "opd": opd}


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise ValidationError(
            _("Undangan ini sudah diterima. Masuk dengan e-mail dan kata sandi."), code="used"
        )
    if invitation.revoked_at is not None:
        raise ValidationError(
            _("Undangan ini sudah dicabut. Hubungi admin kota yang mengundang."), code="revoked"
        )


def _refuse_flood(city: City, more: int, *, at: datetime) -> None:
    recent = city.invitations.filter(invited_at__gt=at - AN_HOUR).count()
    if recent + more > LETTERS_AN_HOUR:
        raise ValidationError(
            _("Paling banyak %(limit)d undangan dalam satu jam. Lanjutkan sebentar lagi."),
            code="too_many",
            params={"limit": LETTERS_AN_HOUR},
        )


def _refuse_known(city: City, emails: Sequence[str]) -> None:
    members = city.memberships.filter(user__email__in=emails)
    for email in members.order_by("user__email").values_list("user__email", flat=True):
        raise ValidationError(
            _("%(email)s sudah menjadi anggota kota ini."), code="member", params={"email": email}
        )
    open_ones = city.invitations.open().filter(email__in=emails).order_by("email")
    for email in open_ones.values_list("email", flat=True):
        raise ValidationError(
            _("%(email)s sudah diundang. Kirim ulang undangannya dari daftar undangan."),
            code="invited",
            params={"email": email},
        )


def _refuse_opd(city: City, opd: Opd | None) -> None:
    if opd is None:
        return
    if opd.city_id != city.pk:
        raise ValidationError(_("OPD ini bukan milik kota ini."), code="foreign_opd")
    if not opd.is_active:
        raise ValidationError(
            _("OPD ini tidak aktif. Aktifkan dahulu, atau pilih OPD lain."), code="inactive_opd"
        )
