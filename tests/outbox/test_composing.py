"""What every letter looks like."""

import pytest
from django.core.mail import BadHeaderError

from outbox.composing import new_letter


def test_a_letter_says_whose_it_is_and_that_nobody_wrote_it(settings):
    settings.ACCOUNT_EMAIL_SUBJECT_PREFIX = "[KLA] "

    letter = new_letter(subject="Undangan", text="Isi", to="siti@example.id")

    assert (letter.subject, letter.body, letter.to) == (
        "[KLA] Undangan",
        "Isi",
        ["siti@example.id"],
    )
    assert letter.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert letter.alternatives == []


def test_the_same_in_html_stands_beside_the_text():
    letter = new_letter(subject="Undangan", text="Isi", html="<p>Isi</p>", to="siti@example.id")

    message = letter.message()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.get_payload()] == [
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "facts", [{"subject": "a\nBcc: x@example.id"}, {"to": "a@b.id\nBcc: c@d.id"}]
)
def test_nothing_in_a_name_adds_a_header(facts):
    letter = new_letter(**({"subject": "a", "text": "b", "to": "siti@example.id"} | facts))

    with pytest.raises(BadHeaderError):
        letter.message()
