"""What does not fit together in a year: one table of rules, each told of what it finds.

A rule looks at a year that has been read already and makes no query. It says what contradicts
what, never which of the two is true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from assessments.choices import AnswerState
from assessments.models import Answer, is_late
from assessments.scoring import ZERO
from clusters.choices import AnswerType, Direction
from figures.numbers import format_number
from plans.checked import CheckedYear, Finding, Remedy, Rule, Severity, claimed
from plans.register_checks import not_from_register, other_than_register, taken_with_silence

HUNDRED = Decimal(100)
NEAR = Decimal("0.5")  # percentages are told in whole ones at the coarsest
NOTHING = ("tidak", "belum")  # how the option begins that says there is none
# How the text of a question names what its percentage is a part of.
SHARE_OF = {
    "districts": re.compile(r"^(%|persentase)\s+kecamatan\b", re.IGNORECASE),
    "villages": re.compile(r"^(%|persentase)\s+(desa|kelurahan)\b", re.IGNORECASE),
}
PART_OF_THE_ONE_BEFORE = re.compile(r"^(jumlah|persentase)\s+yang\b", re.IGNORECASE)
FIGURES = (AnswerType.PERCENT, AnswerType.COUNT)


def none_chosen(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        if answer.claimed_points and answer.choice.strip().casefold().startswith(NOTHING):
            words = _("Jawaban “%(choice)s”, tetapi diklaim %(points)s poin.")
            facts = words % {"choice": answer.choice, "points": claimed(answer)}
            yield Finding(facts, answer)


def percent_over_hundred(year: CheckedYear) -> Iterator[Finding]:
    for answer in _figures(year, AnswerType.PERCENT):
        value = answer.value or ZERO
        if not 0 <= value <= HUNDRED:
            words = _("Diisi %(value)s persen.")
            yield Finding(words % {"value": format_number(value)}, answer)


def points_for_nothing(year: CheckedYear) -> Iterator[Finding]:
    """No case where more is better, or every case where less is."""
    for answer in year.answers:
        question = answer.question
        is_lower_better = question.direction == Direction.LOWER_IS_BETTER
        worst = HUNDRED if is_lower_better else ZERO
        is_share = question.answer_type == AnswerType.PERCENT
        if question.answer_type not in FIGURES or (is_lower_better and not is_share):
            continue
        if answer.claimed_points and answer.value == worst:
            words = _("Angka %(value)s, tetapi diklaim %(points)s poin.")
            facts = words % {"value": format_number(worst), "points": claimed(answer)}
            yield Finding(facts, answer)


def share_of_units(year: CheckedYear) -> Iterator[Finding]:
    """A percentage that no number of the registered districts or villages makes."""
    for answer in _figures(year, AnswerType.PERCENT):
        value = answer.value or ZERO
        units = _units_of(answer, year.units)
        if not units or not 0 <= value <= HUNDRED:
            continue
        count = round(value * units / HUNDRED)
        nearest = Decimal(count) * HUNDRED / units
        if abs(nearest - value) > NEAR:
            words = _(
                "%(value)s persen dari %(units)d bukan bilangan utuh; %(count)d adalah %(nearest)s persen."
            )
            facts = words % {
                "value": format_number(value),
                "units": units,
                "count": count,
                "nearest": format_number(nearest.quantize(Decimal("0.1"))),
            }
            yield Finding(facts, answer)


def part_over_whole(year: CheckedYear) -> Iterator[Finding]:
    """“Jumlah yang …” counts some of what the question before it counts."""
    for whole, part in pairwise(year.answers):
        one, other = whole.question, part.question
        is_part = (
            one.indicator_id == other.indicator_id
            and one.answer_type == other.answer_type
            and PART_OF_THE_ONE_BEFORE.match(other.text)
        )
        if is_part and whole.value is not None and (part.value or 0) > whole.value:
            words = _("%(part)s, lebih besar daripada %(whole)s pada pertanyaan %(code)s.")
            facts = words % {
                "part": format_number(part.value or ZERO),
                "whole": format_number(whole.value),
                "code": one.code,
            }
            yield Finding(facts, part)


def same_question_other_answer(year: CheckedYear) -> Iterator[Finding]:
    """The same words asked twice in a cluster, and answered in two ways."""
    alike: defaultdict[tuple[int, str, str], list[Answer]] = defaultdict(list)
    for answer in year.answers:
        question = answer.question
        if answer.choice or answer.value is not None:
            text = " ".join(question.text.casefold().split())
            alike[question.indicator.cluster_id, question.answer_type, text].append(answer)
    for first, *others in alike.values():
        for answer in others:
            if (answer.choice, answer.value) != (first.choice, first.value):
                words = _("Dijawab “%(mine)s”, pada %(code)s “%(other)s”.")
                facts = words % {
                    "mine": _said(answer),
                    "code": first.question.code,
                    "other": _said(first),
                }
                yield Finding(facts, answer)


def over_maximum(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        maximum = answer.question.max_points
        if answer.claimed_points is not None and answer.claimed_points > maximum:
            words = _("Diklaim %(points)s dari paling banyak %(maximum)s poin.")
            facts = words % {"points": claimed(answer), "maximum": format_number(maximum)}
            yield Finding(facts, answer)


def full_points_returned(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        is_full = answer.claimed_points == answer.question.max_points
        if is_full and answer.claimed_points and answer.state == AnswerState.RETURNED:
            words = _("Diklaim penuh, %(points)s poin, padahal ada dokumen yang dikembalikan.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def claim_without_document(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        if answer.claimed_points and answer.state == AnswerState.ANSWERED:
            words = _("Diklaim %(points)s poin tanpa dokumen.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def unusual_fraction(year: CheckedYear) -> Iterator[Finding]:
    """Filled worksheets only ever show certain parts of these questions' points."""
    for answer in year.answers:
        maximum, claimed = answer.question.max_points, answer.claimed_points
        usual = [Decimal(part) * maximum for part in answer.question.usual_fractions]
        if not usual or not claimed:
            continue
        distances = [(abs(points - claimed), points) for points in usual]
        distance, nearest = min(distances)
        if distance > maximum / HUNDRED:
            words = _("Diklaim %(points)s dari %(maximum)s; yang lazim terdekat %(nearest)s.")
            facts = words % {
                "points": format_number(claimed),
                "maximum": format_number(maximum),
                "nearest": format_number(nearest),
            }
            yield Finding(facts, answer)


def only_links(year: CheckedYear) -> Iterator[Finding]:
    """The page may be changed or gone on the day it is verified."""
    for answer in year.answers:
        if answer.claimed_points and answer.pk in year.on_links:
            words = _("Diklaim %(points)s poin, buktinya hanya tautan tanpa salinan halaman.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def doubted_by_register(year: CheckedYear) -> Iterator[Finding]:
    """A document that a register says does not count, as a regulation that was revoked."""
    by_key = {answer.pk: answer for answer in year.answers}
    for answer, sentence in year.cautions:
        yield Finding(sentence, by_key[answer])


def figure_missing(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        is_figure = answer.question.answer_type in FIGURES
        if is_figure and answer.claimed_points and answer.value is None:
            words = _("Diklaim %(points)s poin, angkanya belum diisi.")
            yield Finding(words % {"points": claimed(answer)}, answer)


def proven_without_claim(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        if answer.is_proven and answer.claimed_points is None:
            yield Finding(_("Dokumennya diterima, tetapi belum ada klaim."), answer)


def granted_above_claim(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        granted, claimed = answer.granted_points, answer.claimed_points
        if granted is not None and claimed is not None and granted > claimed:
            words = _("Ditetapkan %(granted)s poin, diklaim %(claimed)s.")
            facts = words % {"granted": format_number(granted), "claimed": format_number(claimed)}
            yield Finding(facts, answer)


def without_lead(year: CheckedYear) -> Iterator[Finding]:
    for answer in year.answers:
        if not answer.has_lead:
            words = _("Bernilai sampai %(points)s poin, tanpa OPD penanggung jawab.")
            yield Finding(words % {"points": format_number(answer.question.max_points)}, answer)


def opd_without_member(year: CheckedYear) -> Iterator[Finding]:
    for opd, count in sorted(year.unpeopled.items(), key=lambda held: held[0].name):
        words = _("Ditugasi %(count)d pertanyaan, belum ada akun yang dapat masuk.")
        yield Finding(words % {"count": count}, opd=opd)


def date_of_year_past(year: CheckedYear) -> Iterator[Finding]:
    deadline, today = year.assessment.deadline, year.today
    if year.assessment.is_open and deadline is not None and deadline < today:
        words = _("Lewat %(days)d hari, padahal pengisian masih terbuka.")
        yield Finding(words % {"days": (today - deadline).days}, place=_("Tenggat tahun"))


def date_of_cluster_past(year: CheckedYear) -> Iterator[Finding]:
    for deadline in year.deadlines if year.assessment.is_open else ():
        days = (year.today - deadline.due_on).days
        open_ones = [
            answer
            for answer in year.answers
            if answer.question.indicator.cluster_id == deadline.cluster_id and answer.is_pending
        ]
        if days > 0 and open_ones:
            words = _("Lewat %(days)d hari, %(count)d pertanyaan belum selesai.")
            facts = words % {"days": days, "count": len(open_ones)}
            yield Finding(facts, place=str(deadline.cluster.label))


def date_of_question_past(year: CheckedYear) -> Iterator[Finding]:
    """Dates of their own; those of the cluster and the year are told once, above."""
    for answer in year.answers if year.assessment.is_open else ():
        due_on = answer.own_due_on
        if due_on is not None and is_late(answer.state, due_on, year.today):
            words = _("Tenggat penugasannya lewat %(days)d hari.")
            yield Finding(words % {"days": (year.today - due_on).days}, answer)


def _figures(year: CheckedYear, kind: AnswerType) -> Iterator[Answer]:
    for answer in year.answers:
        if answer.question.answer_type == kind and answer.value is not None:
            yield answer


def _units_of(answer: Answer, units: Mapping[str, int]) -> int:
    text = answer.question.text.strip()
    return next((units[name] for name, words in SHARE_OF.items() if words.match(text)), 0)


def _said(answer: Answer) -> str:
    return answer.choice or format_number(answer.value or ZERO)


WRONG, RISKY, UNFINISHED = Severity.WRONG, Severity.RISKY, Severity.UNFINISHED

RULES = (
    Rule("B1", WRONG, _lazy("“Tidak ada” dengan poin"), Remedy.CLAIM, none_chosen),
    Rule("B2", WRONG, _lazy("Persentase di luar 0 sampai 100"), Remedy.CLAIM, percent_over_hundred),
    Rule("B3", WRONG, _lazy("Poin untuk capaian terendah"), Remedy.CLAIM, points_for_nothing),
    Rule(
        "B4",
        WRONG,
        _lazy("Persentase tidak cocok dengan jumlah wilayah"),
        Remedy.CLAIM,
        share_of_units,
    ),
    Rule(
        "B5", WRONG, _lazy("Bagian lebih besar daripada seluruhnya"), Remedy.CLAIM, part_over_whole
    ),
    Rule(
        "B6",
        WRONG,
        _lazy("Pertanyaan sama, jawaban berbeda"),
        Remedy.CLAIM,
        same_question_other_answer,
    ),
    Rule("B7", WRONG, _lazy("Klaim di atas maksimum"), Remedy.CLAIM, over_maximum),
    Rule("B8", WRONG, _lazy("Angka berbeda dari register"), Remedy.REGISTER, other_than_register),
    Rule(
        "R1",
        RISKY,
        _lazy("Klaim penuh dengan dokumen dikembalikan"),
        Remedy.DOCUMENT,
        full_points_returned,
    ),
    Rule("R2", RISKY, _lazy("Klaim tanpa dokumen"), Remedy.DOCUMENT, claim_without_document),
    Rule("R3", RISKY, _lazy("Klaim yang tidak lazim"), Remedy.CLAIM, unusual_fraction),
    Rule("R4", RISKY, _lazy("Nilai ditetapkan di atas klaim"), Remedy.REVIEW, granted_above_claim),
    Rule("R5", RISKY, _lazy("Hanya tautan tanpa salinan"), Remedy.DOCUMENT, only_links),
    Rule(
        "R6",
        RISKY,
        _lazy("Produk hukum yang tidak berlaku diajukan"),
        Remedy.DOCUMENT,
        doubted_by_register,
    ),
    Rule("L1", UNFINISHED, _lazy("Angka belum diisi"), Remedy.CLAIM, figure_missing),
    Rule(
        "L2", UNFINISHED, _lazy("Dokumen diterima tanpa klaim"), Remedy.CLAIM, proven_without_claim
    ),
    Rule("L3", UNFINISHED, _lazy("Pertanyaan tanpa penanggung jawab"), Remedy.LEAD, without_lead),
    Rule("L4", UNFINISHED, _lazy("OPD tanpa anggota"), Remedy.MEMBERS, opd_without_member),
    Rule("L5", UNFINISHED, _lazy("Tenggat tahun sudah lewat"), Remedy.YEAR, date_of_year_past),
    Rule(
        "L6",
        UNFINISHED,
        _lazy("Tenggat klaster sudah lewat"),
        Remedy.CLUSTER_DATES,
        date_of_cluster_past,
    ),
    Rule(
        "L7", UNFINISHED, _lazy("Tenggat penugasan sudah lewat"), Remedy.LEAD, date_of_question_past
    ),
    Rule(
        "L8", UNFINISHED, _lazy("Belum diambil dari register"), Remedy.REGISTER, not_from_register
    ),
    Rule("L9", UNFINISHED, _lazy("Register belum lengkap"), Remedy.REGISTER, taken_with_silence),
)
