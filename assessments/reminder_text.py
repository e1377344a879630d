"""The message with which the Gugus Tugas reminds an OPD, for WhatsApp or any other way.

Says which OPD, which questions, until when, and where; never a person's name or address. The same
facts always give the same text, so that it can be tried, compared and sent once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assessments.choices import AnswerState
from figures.numbers import format_date, format_zoned_moment

QUESTIONS_NAMED = 10  # a message is read on a phone; the page behind the link has them all
QUESTION_CHARS = 90


@dataclass(frozen=True, slots=True)
class OwedQuestion:
    """A question with something left to hand in.

    `closes_at` is the end of its open window, before which `due_on` does not count.
    """

    code: str
    text: str
    state: str  # an AnswerState
    due_on: date | None
    is_late: bool
    closes_at: datetime | None = None


def reminder_text(*, opd: str, city: str, year: int, owed: Sequence[OwedQuestion], url: str) -> str:
    """The whole message about `owed`, of which it names the first ones.

    Times are those of the active time zone, which is the city's own (WIB, WITA or WIT).
    """
    named = owed[:QUESTIONS_NAMED]
    lines = [f"{number}. {_question_line(one)}" for number, one in enumerate(named, 1)]
    others = len(owed) - len(named)
    if others > 0:
        lines.append(_("… dan %(count)d pertanyaan lainnya.") % {"count": others})
    facts = {"opd": opd, "city": city, "year": year, "url": url}
    return "\n".join(
        [
            _("Yth. %(opd)s,") % facts,
            "",
            _("Mohon dilengkapi untuk penilaian Kota Layak Anak %(city)s %(year)d:") % facts,
            *lines,
            "",
            _("Unggah dokumen dan isi klaim di: %(url)s") % facts,
            "",
            _("Terima kasih."),
            _("Gugus Tugas KLA %(city)s") % facts,
        ]
    )


def whatsapp_url(text: str) -> str:
    """The address at which WhatsApp offers the text to a chat that the person chooses."""
    return f"https://wa.me/?text={quote(text, safe='')}"


def _question_line(one: OwedQuestion) -> str:
    question = f"{one.code} {Truncator(one.text).chars(QUESTION_CHARS)}"
    said = [question]
    if one.state == AnswerState.RETURNED:
        said.append(_("dokumen dikembalikan, mohon diperbaiki"))
    if one.closes_at is not None:
        said.append(_("sampai %(moment)s") % {"moment": format_zoned_moment(one.closes_at)})
    elif one.due_on is not None and one.is_late:
        said.append(_("terlambat, tenggatnya %(date)s") % {"date": format_date(one.due_on)})
    elif one.due_on is not None:
        said.append(_("paling lambat %(date)s") % {"date": format_date(one.due_on)})
    return " – ".join(said)
