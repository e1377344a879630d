"""The rows of the outbox, and the sentence for whatever keeps a letter from going out."""

import smtplib
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from outbox.faults import LONGEST_ANSWER, reason
from outbox.models import GIVE_UP_AFTER, Letter, LetterKind

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


# --- Rows ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_given_up_is_the_same_in_python_and_in_the_database():
    failures = [None, AT, AT - GIVE_UP_AFTER + SECOND, AT - GIVE_UP_AFTER, AT + SECOND]
    kinds = [LetterKind.NOTICES, LetterKind.INVITATION]
    for number, (kind, failed_at, given_up_at) in enumerate(product(kinds, failures, [None, AT])):
        Letter.objects.create(
            kind=kind, subject=number, failed_at=failed_at, given_up_at=given_up_at
        )

    in_database = set(Letter.objects.given_up(AT).values_list("subject", flat=True))
    in_python = {letter.subject for letter in Letter.objects.all() if letter.is_given_up(AT)}

    assert in_database == in_python
    assert len(in_python) == 11  # ten with a date, and old news


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_free"),
    [
        ({}, True),
        ({"held_until": AT}, True),
        ({"held_until": AT + SECOND}, False),
        ({"next_try_at": AT}, True),
        ({"next_try_at": AT + SECOND}, False),
        ({"given_up_at": AT - SECOND}, True),  # something happened since
        ({"given_up_at": AT}, False),
        ({"held_until": AT, "next_try_at": AT + SECOND}, False),
    ],
)
def test_a_letter_is_free_to_the_second(fields, is_free):
    Letter.objects.create(kind="notices", subject=1, **fields)

    assert Letter.objects.free_at(AT, newest=AT).exists() is is_free


@pytest.mark.django_db
def test_a_letter_stands_once_for_its_kind_and_number():
    Letter.objects.create(kind="notices", subject=1)
    double = Letter(kind="notices", subject=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()
    with pytest.raises(ValidationError) as caught:
        double.validate_constraints()

    assert caught.value.messages == ["Surat ini sudah ada."]
    assert Letter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["", "reklame", "NOTICES"])
def test_a_letter_of_no_known_kind_is_not_kept(kind):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(kind=kind, subject=1)
    with pytest.raises(ValidationError) as caught:
        Letter(kind=kind, subject=1).validate_constraints()

    assert caught.value.messages == ["Jenis surat tidak dikenal."]
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_no_letter_is_about_a_number_below_zero():
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(kind="notices", subject=-1)


def test_a_letter_is_called_by_its_kind_and_number():
    assert str(Letter(kind="notices", subject=7)) == "notices 7"


# --- Sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"bad password"),
            "Server e-mail menolak nama pengguna atau kata sandinya. Jawabannya: 535 bad password",
        ),
        (
            smtplib.SMTPAuthenticationError(454, b"later"),
            "Server e-mail belum mau menerima surat ini. Jawabannya: 454 later",
        ),
        (
            smtplib.SMTPHeloError(504, b"who"),
            "Server e-mail menolak surat ini. Jawabannya: 504 who",
        ),
        (
            smtplib.SMTPConnectError(421, "busy"),
            "Server e-mail belum mau menerima surat ini. Jawabannya: 421 busy",
        ),
        (
            smtplib.SMTPNotSupportedError("STARTTLS"),
            "Server e-mail tidak mendukung cara sambungan yang diatur.",
        ),
        (
            smtplib.SMTPServerDisconnected("x"),
            "Server e-mail memutus sambungan atau tidak menjawab.",
        ),
        (TimeoutError("timed out"), "Server e-mail tidak menjawab pada waktunya."),
        (ConnectionRefusedError(111, "x"), "Server e-mail tidak dapat dihubungi."),
        (
            UnicodeEncodeError("ascii", "ä", 0, 1, "x"),
            "Alamatnya memuat tanda yang tidak dapat dikirim; perbaiki alamatnya.",
        ),
        (ValueError("header"), "Surat ini tidak dapat dibuat; sebabnya ada di log server."),
        (
            smtplib.SMTPRecipientsRefused({}),
            "Alamat ini belum diterima server e-mail; akan dicoba lagi. Jawabannya: 0 ",
        ),
        (
            smtplib.SMTPRecipientsRefused({"a@b": (452, b"full"), "c@d": (550, b"no")}),
            "Alamat ini belum diterima server e-mail; akan dicoba lagi. Jawabannya: 452 full",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_whatever_keeps_a_letter_is_said_in_one_sentence(error, sentence):
    assert reason(error) == sentence


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"no\r\nsuch\tuser\x00", "no such user"),
        (b"tidak dikenal: \xff\xfe", "tidak dikenal: \ufffd\ufffd"),
        ("\u202e550 resu\u200b", "550 resu"),
        (b"x" * 1000, "x" * LONGEST_ANSWER),
        (b"", ""),
    ],
)
def test_what_a_server_answers_is_shown_on_one_bearable_line(answer, shown):
    error = smtplib.SMTPDataError(554, answer)

    assert reason(error) == f"Server e-mail menolak isi surat ini. Jawabannya: 554 {shown}"
