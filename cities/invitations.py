"""Inviting people to a city, and what becomes of the invitation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.emails import clean_email, comparable
from cities.models import City, CityDeed, Invitation, InvitationState, Membership, Opd, User
from cities.models.invitation import VALID_FOR, fingerprint
from cities.services import enrol, is_waiting_for_password, refuse_unless_addable
from cities.trail import Told, hold, record
from outbox.models import LetterKind
from outbox.sending import forget

# A city of a thousand people is invited in an afternoon; a stolen account sends no more than this.
LETTERS_AN_HOUR = 300
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite."""

    email: str
    name: str
    role: str
    opd: Opd | None


@transaction.atomic
def invite(*, city: City, guests: Sequence[Guest], by: User, at: datetime) -> list[Invitation]:
    """Write an invitation for each; the letters go out by `cities.mailing`.

    Whether an address has an account already is not looked at, so nobody learns it here.
    Raises ValidationError (those of `clean_email`, `member`, `invited`, `foreign_opd`, `inactive_opd`, `too_many`,
    and where role and OPD do not agree) and invites nobody then.
    """
    city = hold(city.pk)
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
        *(Told(CityDeed.INVITATION_SENT, str(one), after=_facts(one)) for one in written),
        city=city,
        by=by,
        at=at,
    )
    return written


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Let its letter go out once more, with a new link; the one before is dead from now on.

    Raises ValidationError (`used`, `revoked`, `too_many`).
    """
    city = hold(invitation.city_id)
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    _refuse_flood(city, 1, at=at)
    invitation.token_hash = None
    invitation.sent_at = None
    invitation.invited_at = at
    invitation.expires_at = at + VALID_FOR
    invitation.save(update_fields=["token_hash", "sent_at", "invited_at", "expires_at"])
    forget(LetterKind.INVITATION, invitation.pk)
    record(Told(CityDeed.INVITATION_RESENT, str(invitation)), city=city, by=by, at=at)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """End an invitation and its link. Raises ValidationError (`used`, `revoked`)."""
    city = hold(invitation.city_id)
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    told = Told(CityDeed.INVITATION_REVOKED, str(invitation), before=_facts(invitation))
    record(told, city=city, by=by, at=at)
    return invitation


def found_by(token: str) -> Invitation | None:
    """The invitation whose newest link this is, whatever became of it."""
    invitations = Invitation.objects.select_related("city", "opd", "invited_by")
    return invitations.filter(token_hash=fingerprint(token)).first()


def account_of(invitation: Invitation) -> User | None:
    """The account that already belongs to the invited address and has had a password."""
    user = User.objects.filter(email__iexact=invitation.email).first()
    return None if user is None or is_waiting_for_password(user) else user


@transaction.atomic
def accept_with_account(*, token: str, user: User, at: datetime) -> Membership:
    """Make the signed-in person a member, as they were invited to be.

    Raises ValidationError (`unknown`, `used`, `revoked`, `expired`, `other_address`,
    `inactive_account`, `site_admin`, `inactive_opd`, or already a member).
    """
    invitation = _to_accept(token, at=at)
    if comparable(user.email) != comparable(invitation.email):
        raise ValidationError(
            _("Undangan ini untuk %(email)s. Keluar, lalu masuk dengan e-mail itu."),
            code="other_address",
            params={"email": invitation.email},
        )
    return _accept(invitation, user, is_new=False, at=at)


@transaction.atomic
def accept_with_new_account(*, token: str, name: str, password: str, at: datetime) -> Membership:
    """Make an account for the invited address and its owner a member.

    An account that was once made for the address and never had a password is taken over:
    the link shows that its mail is read. Raises ValidationError as `accept_with_account`,
    and `has_account`.
    """
    invitation = _to_accept(token, at=at)
    if account_of(invitation) is not None:
        raise ValidationError(
            _("E-mail ini sudah memiliki akun. Masuk dahulu, lalu terima undangannya."),
            code="has_account",
        )
    user = User.objects.filter(email__iexact=invitation.email).first()
    is_new = user is None
    user = user or User(email=invitation.email)
    user.name = name
    user.set_password(password)
    user.save()
    return _accept(invitation, user, is_new=is_new, at=at)


def _to_accept(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link, held, if it can still be accepted."""
    known = found_by(token)
    if known is None:
        raise ValidationError(
            _("Tautan ini tidak berlaku. Gunakan tautan dari surat undangan yang terbaru."),
            code="unknown",
        )
    hold(known.city_id)
    invitation = _locked(known)
    if invitation.token_hash != fingerprint(token):  # sent again while we waited
        raise ValidationError(
            _("Tautan ini sudah diganti. Gunakan tautan dari surat yang terbaru."), code="unknown"
        )
    _refuse_closed(invitation)
    if invitation.state_at(at) == InvitationState.EXPIRED:
        raise ValidationError(
            _("Undangan ini sudah kedaluwarsa. Mintalah admin kota mengirim ulang."),
            code="expired",
        )
    return invitation


def _accept(invitation: Invitation, user: User, *, is_new: bool, at: datetime) -> Membership:
    refuse_unless_addable(user, by=invitation.invited_by)
    membership = enrol(
        user=user,
        city=invitation.city,
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
