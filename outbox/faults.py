"""Why a letter could not be sent, in words for the people who can mend it."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox.gateways import GatewayError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LONGEST_ANSWER = 300


# The first kind that fits; a more special one stands before its own kind.
SENTENCES: tuple[tuple[type[Exception], StrPromise], ...] = (
    (smtplib.SMTPAuthenticationError, _("Server e-mail menolak nama pengguna atau kata sandinya.")),
    (smtplib.SMTPSenderRefused, _("Server e-mail menolak alamat pengirim situs ini.")),
    (smtplib.SMTPDataError, _("Server e-mail menolak isi surat ini.")),
    (smtplib.SMTPNotSupportedError, _("Server e-mail tidak mendukung cara sambungan yang diatur.")),
    (smtplib.SMTPServerDisconnected, _("Server e-mail memutus sambungan atau tidak menjawab.")),
    (smtplib.SMTPResponseException, _("Server e-mail menolak surat ini.")),
    (TimeoutError, _("Server e-mail tidak menjawab pada waktunya.")),
    (OSError, _("Server e-mail tidak dapat dihubungi.")),
    (UnicodeError, _("Alamatnya memuat tanda yang tidak dapat dikirim; perbaiki alamatnya.")),
    (Exception, _("Surat ini tidak dapat dibuat; sebabnya ada di log server.")),
)


def reason(error: Exception, *, is_tried_again: bool = True) -> str:
    """One Indonesian sentence for `error`, with the mail server's own answer where it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()), (0, b""))
        return _with_answer(_recipient(code, is_tried_again=is_tried_again), code, answer)
    if isinstance(error, GatewayError):
        return error.sentence
    sentence = next(str(sentence) for kind, sentence in SENTENCES if isinstance(error, kind))
    if isinstance(error, smtplib.SMTPResponseException):
        if 400 <= error.smtp_code < 500:
            sentence = gettext("Server e-mail belum mau menerima surat ini.")
        return _with_answer(sentence, error.smtp_code, error.smtp_error)
    return sentence


def _recipient(code: int, *, is_tried_again: bool) -> str:
    if code >= 500:
        return gettext("Alamat ini ditolak server e-mail; periksa ejaannya.")
    if is_tried_again:
        return gettext("Alamat ini belum diterima server e-mail; akan dicoba lagi.")
    return gettext("Alamat ini belum diterima server e-mail.")


def _with_answer(sentence: str, code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    said = " ".join(plain.split())[:LONGEST_ANSWER]
    return gettext("%(sentence)s Jawabannya: %(code)d %(answer)s") % {
        "sentence": sentence,
        "code": code,
        "answer": said,
    }
