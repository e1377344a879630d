"""The one loop with letters of the test's own, when servers, clocks, leases and letters fail."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import EmailMessage
from django.db import DatabaseError

from outbox.models import GIVE_UP_AFTER, Letter, LetterKind
from outbox.sending import (
    BROKEN_IN_A_ROW,
    HOLD,
    PAUSES,
    Outcome,
    Waiting,
    forget,
    is_set_up,
    send_letters,
    try_again,
    try_once,
)
from tests.outbox.smtp import mail_server

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
AWAY = Outcome(is_server_away=True)
UNWRITABLE = "Surat ini tidak dapat dibuat; sebabnya ada di log server."


def message(address="o1@uji.example"):
    return EmailMessage("Uji", "Isi", "kla@uji.example", [address])


@dataclass
class Bag:
    """Letters by subject with the address of each; what was delivered leaves the bag."""

    letters: dict[int, str]
    kind: LetterKind = LetterKind.NOTICES
    newest: datetime = AT
    delivered_at: dict[int, datetime] = field(default_factory=dict)

    def waiting(self, at):
        return [Waiting(subject, self.newest) for subject in sorted(self.letters)]

    def compose(self, subject, at):
        address = self.letters.get(subject)
        return message(address) if address else None

    def delivered(self, subject, at):
        self.delivered_at[subject] = at
        del self.letters[subject]


def bag(count, **fields):
    return Bag({number: f"o{number}@uji.example" for number in range(1, count + 1)}, **fields)


def send(letters, at=AT):
    return send_letters(letters, now=lambda: at)


def rows():
    names = ("subject", "held_by", "attempts", "failed_at", "next_try_at", "given_up_at", "fault")
    return list(Letter.objects.order_by("subject").values_list(*names))


def failed_once(subject, fault, at=AT):
    return (subject, None, 1, at, at + PAUSES[0], None, fault)


# --- Servers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        (
            {b"MAIL": "550 who are you"},
            "Server e-mail menolak alamat pengirim situs ini. Jawabannya: 550 who are you",
        ),
        (
            {b"MAIL": "451 try later"},
            "Server e-mail belum mau menerima surat ini. Jawabannya: 451 try later",
        ),
        (
            {b"DATA": "554 no text today"},
            "Server e-mail menolak isi surat ini. Jawabannya: 554 no text today",
        ),
        (
            {b"RCPT": "503 sender first"},
            "Alamat ini ditolak server e-mail; periksa ejaannya. Jawabannya: 503 sender first",
        ),
    ],
)
def test_an_answer_to_any_step_is_held_against_the_letter_and_not_the_server(
    settings, answers, fault
):
    letters = bag(BROKEN_IN_A_ROW + 1)

    with mail_server(settings, answers=answers):
        outcome = send(letters)

    assert outcome == Outcome(failed=BROKEN_IN_A_ROW + 1)
    assert rows() == [failed_once(subject, fault) for subject in letters.letters]


@pytest.mark.parametrize("verb", [b"EHLO", b"MAIL", b"RCPT", b"DATA"])
def test_a_server_that_goes_at_any_step_fails_that_letter_and_gets_it_again(settings, verb):
    letters = bag(1)

    with mail_server(settings, leaves_at=verb):
        assert send(letters) == Outcome(failed=1)

    assert rows() == [failed_once(1, "Server e-mail memutus sambungan atau tidak menjawab.")]
    with mail_server(settings) as server:
        assert send(letters, AT + PAUSES[0]) == Outcome(sent=1)
    assert (server.delivered, rows()) == (["o1@uji.example"], [])


def test_letters_that_break_the_server_count_only_where_no_other_stands_between(settings):
    letters = bag(7)
    broken = {letters.letters[subject] for subject in (1, 2, 4, 5, 7)}

    with mail_server(settings, leaves_for=broken) as server:
        outcome = send(letters)

    assert outcome == Outcome(sent=2, failed=5)
    assert server.delivered == ["o3@uji.example", "o6@uji.example"]


def test_what_was_left_when_the_server_broke_is_not_held_against_the_letters(settings):
    letters = bag(9)

    with mail_server(settings, leaves_for=set(letters.letters.values())):
        outcome = send(letters)

    assert outcome == Outcome(failed=BROKEN_IN_A_ROW, is_server_away=True)
    assert [row[0] for row in rows()] == [1, 2, 3]
    assert not outcome.is_complete


def test_a_name_and_password_that_the_server_has_no_use_for_hold_every_letter_back(settings):
    letters = bag(2)

    with mail_server(settings) as server:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kla", "rahasia"
        assert send(letters) == AWAY

    assert (server.delivered, rows()) == ([], [])


def test_a_server_that_never_greets_is_left_after_the_time_that_is_set(settings):
    letters = bag(5)

    with mail_server(settings, greeting="") as server:
        settings.EMAIL_TIMEOUT = 0.1
        assert send(letters) == AWAY

    assert (rows(), server.sessions) == ([], 1)


def certificate(name, folder):
    """A server's context with a certificate that nobody but itself has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(encoding)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_server_whose_certificate_nobody_signed_gets_neither_password_nor_letter(
    settings, tmp_path
):
    letters = bag(2)

    with mail_server(settings, tls=certificate("127.0.0.1", tmp_path)) as server:
        settings.EMAIL_USE_SSL = True
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kla", "rahasia"
        assert send(letters) == AWAY

    assert (server.delivered, server.sessions, rows()) == ([], 0, [])


def test_a_server_that_speaks_plainly_where_encryption_is_asked_for_is_away(settings):
    letters = bag(2)

    with mail_server(settings) as server:
        settings.EMAIL_USE_SSL = True
        assert send(letters) == AWAY

    assert (server.delivered, rows()) == ([], [])


def test_for_an_empty_bag_nobody_rings_at_the_server(settings):
    with mail_server(settings) as server:
        assert send(bag(0)) == Outcome()

    assert server.sessions == 0


# --- Letters ------------------------------------------------------------------------------------


def test_a_letter_with_nothing_left_to_tell_leaves_no_trace(settings):
    """What it told of was read on the page after the letters were counted."""
    letters = bag(2)
    letters.letters[1] = ""

    with mail_server(settings) as server:
        assert send(letters) == Outcome(sent=1)

    assert (server.delivered, rows()) == (["o2@uji.example"], [])


@pytest.mark.parametrize(
    "address", ["a\nBcc: x@y.example", "a@\u202e.example", "@", "a" * 400 + "@"]
)
def test_an_address_that_no_letter_can_bear_fails_alone(settings, address):
    letters = bag(2)
    letters.letters[1] = address

    with mail_server(settings) as server:
        outcome = send(letters)

    assert (outcome, server.delivered) == (Outcome(sent=1, failed=1), ["o2@uji.example"])
    [(subject, held, attempts, *_rest, fault)] = rows()
    assert (subject, held, attempts, bool(fault)) == (1, None, 1, True)


def test_a_letter_whose_writing_fails_says_no_secret_to_people(settings, caplog):
    class Unwritable(Bag):
        def compose(self, subject, at):
            raise LookupError("kata sandi: rahasia")

    with mail_server(settings):
        assert send(Unwritable({1: "x"})) == Outcome(failed=1)

    assert rows() == [failed_once(1, UNWRITABLE)]
    assert "kata sandi: rahasia" in caplog.text


def test_a_signature_that_fails_keeps_the_letter_held_for_a_while(settings):
    """Whether it went out is known; that it did could not be written down."""

    class Forgetful(Bag):
        def delivered(self, subject, at):
            raise DatabaseError("disk full")

    letters = Forgetful({1: "o1@uji.example"})
    with mail_server(settings) as server:
        with pytest.raises(DatabaseError, match="disk full"):
            send(letters)
        assert send(letters, AT + HOLD - timedelta(seconds=1)) == Outcome()

    assert server.delivered == ["o1@uji.example"]
    assert Letter.objects.get().held_until == AT + HOLD


# --- Leases -------------------------------------------------------------------------------------


class Slow(Bag):
    """Its first letter takes so long to write that another sender comes by meanwhile."""

    def compose(self, subject, at):
        if self.later is not None:
            self.later, later = None, self.later
            self.others = send_letters(self.other, now=lambda: later)
            if self.fails:
                raise LookupError(subject)
        return super().compose(subject, at)


def slow(later, *, fails=False):
    letters = Slow({1: "o1@uji.example"})
    letters.later, letters.fails, letters.other = later, fails, bag(1)
    return letters


def test_a_letter_that_is_being_written_is_not_taken_by_another_sender(settings):
    letters = slow(AT + HOLD - timedelta(microseconds=1))

    with mail_server(settings) as server:
        assert send(letters) == Outcome(sent=1)

    assert (letters.others, server.delivered) == (Outcome(), ["o1@uji.example"])


def test_a_sender_that_outlived_its_lease_marks_nothing_that_another_has_settled(settings):
    letters = slow(AT + HOLD, fails=True)

    with mail_server(settings) as server:
        assert send(letters) == Outcome(failed=1)

    assert (letters.others, server.delivered) == (Outcome(sent=1), ["o1@uji.example"])
    assert rows() == []  # and not the failure of the first


def test_a_letter_forgotten_while_it_was_sent_goes_out_anew(settings):
    class Forgotten(Bag):
        def compose(self, subject, at):
            forget(self.kind, subject)
            raise LookupError(subject)

    with mail_server(settings) as server:
        assert send(Forgotten({1: "o1@uji.example"})) == Outcome(failed=1)
        assert rows() == []
        assert send(bag(1)) == Outcome(sent=1)

    assert server.delivered == ["o1@uji.example"]


def test_letters_of_two_kinds_about_one_number_do_not_know_each_other(settings):
    Letter.objects.create(kind="invitation", subject=1, held_until=AT + HOLD)

    with mail_server(settings) as server:
        assert send(bag(1)) == Outcome(sent=1)

    assert server.delivered == ["o1@uji.example"]
    assert Letter.objects.get().kind == "invitation"


# --- Clocks -------------------------------------------------------------------------------------


def test_a_clock_set_back_makes_a_letter_wait_and_neither_lost_nor_doubled(settings):
    letters = bag(1)
    with mail_server(settings, refused={"o1@uji.example": "450 later"}):
        send(letters)

    with mail_server(settings) as server:
        assert send(letters, AT - timedelta(days=30)) == Outcome()
        assert send(letters, AT + PAUSES[0]) == Outcome(sent=1)

    assert server.delivered == ["o1@uji.example"]


def test_a_failure_from_the_future_is_not_three_days_old(settings):
    letters = bag(1)
    earlier = AT - timedelta(days=30)
    Letter.objects.create(kind="notices", subject=1, attempts=1, failed_at=AT, next_try_at=earlier)

    with mail_server(settings, refused={"o1@uji.example": "450 later"}):
        assert send(letters, earlier) == Outcome(failed=1)

    letter = Letter.objects.get()
    assert (letter.attempts, letter.failed_at, letter.given_up_at) == (2, AT, None)
    assert letter.next_try_at == earlier + PAUSES[1]


def test_a_lease_of_a_sender_that_died_ends_at_its_time_and_not_before(settings):
    Letter.objects.create(
        kind="notices",
        subject=1,
        held_by="12345678123456781234567812345678",
        held_until=AT + timedelta(days=1),
    )
    letters = bag(1)

    with mail_server(settings) as server:
        assert send(letters) == Outcome()
        assert send(letters, AT + timedelta(days=1)) == Outcome(sent=1)

    assert server.delivered == ["o1@uji.example"]


@pytest.mark.parametrize(
    ("age", "given_up"),
    [(GIVE_UP_AFTER - timedelta(microseconds=1), False), (GIVE_UP_AFTER, True)],
)
def test_a_letter_is_given_up_to_the_moment_after_three_days(settings, age, given_up):
    Letter.objects.create(kind="invitation", subject=1, attempts=20, failed_at=AT - age)
    letters = bag(1, kind=LetterKind.INVITATION, newest=AT - age)

    with mail_server(settings, refused={"o1@uji.example": "450 later"}):
        assert send(letters) == Outcome(failed=1)

    letter = Letter.objects.get()
    assert (letter.given_up_at, letter.next_try_at) == (
        (AT, None) if given_up else (None, AT + PAUSES[-1])
    )


# --- By hand ------------------------------------------------------------------------------------


def letter(**fields):
    return Letter.objects.create(kind="notices", subject=1, **fields)


def test_a_letter_that_pauses_goes_out_at_once_when_somebody_asks(settings):
    letter(attempts=2, failed_at=AT, next_try_at=AT + PAUSES[1])

    try_again(LetterKind.NOTICES, 1, at=AT)

    with mail_server(settings) as server:
        assert send(bag(1)) == Outcome(sent=1)
    assert server.delivered == ["o1@uji.example"]


@pytest.mark.parametrize("given_up_at", [AT, None])
def test_a_letter_that_was_given_up_begins_anew_when_somebody_asks(given_up_at):
    letter(attempts=9, failed_at=AT - GIVE_UP_AFTER, given_up_at=given_up_at, fault="x")

    try_again(LetterKind.NOTICES, 1, at=AT)

    assert rows() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"failed_at": AT - GIVE_UP_AFTER, "given_up_at": AT, "held_until": AT + HOLD},
        {"failed_at": AT, "next_try_at": AT + HOLD, "held_until": AT + timedelta(microseconds=1)},
        {"held_until": None},  # it never failed
    ],
)
def test_a_letter_that_is_being_sent_or_never_failed_is_left_as_it_is(fields):
    letter(attempts=1, **fields)
    before = list(Letter.objects.values())

    try_again(LetterKind.NOTICES, 1, at=AT)
    try_again(LetterKind.INVITATION, 1, at=AT)
    try_again(LetterKind.NOTICES, 2, at=AT)

    assert list(Letter.objects.values()) == before


# --- A letter that nobody waits for -------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        ({}, None),
        (
            {"refused": {"o1@uji.example": "450 greylisted"}},
            "Alamat ini belum diterima server e-mail. Jawabannya: 450 greylisted",
        ),
        (
            {"refused": {"o1@uji.example": "550 unknown"}},
            "Alamat ini ditolak server e-mail; periksa ejaannya. Jawabannya: 550 unknown",
        ),
        ({"greeting": "554 go away"}, "Server e-mail menolak surat ini. Jawabannya: 554 go away"),
        ({"leaves_at": b"MAIL"}, "Server e-mail memutus sambungan atau tidak menjawab."),
        (
            {"answers": {b"EHLO": "502 no", b"HELO": "421 busy"}},
            "Server e-mail belum mau menerima surat ini. Jawabannya: 421 busy",
        ),
    ],
)
def test_a_letter_tried_once_says_how_it_went_and_is_not_kept(settings, behaviour, fault):
    with mail_server(settings, **behaviour):
        assert try_once(message()) == fault

    assert rows() == []


def test_a_letter_tried_once_names_a_server_that_is_not_there(settings):
    with mail_server(settings):
        pass  # its port is closed again

    assert try_once(message()) == "Server e-mail tidak dapat dihubungi."


@pytest.mark.parametrize(
    ("backend", "expected"),
    [("smtp", True), ("locmem", True), ("console", False), ("dummy", False), ("filebased", False)],
)
def test_a_backend_behind_which_nobody_reads_is_no_mail_server(settings, backend, expected):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"

    assert is_set_up() is expected
    if not expected:
        assert send(bag(1)) == AWAY
        assert rows() == []
