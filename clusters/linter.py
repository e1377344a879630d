"""Finds what is inconsistent or incomplete in an instrument.

An error is what no published instrument may have: the reader of instrument files refuses it.
A warning is what the ministry's own tables do now and then (questions that add up to more
than their indicator); a note is what somebody may want to complete.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from clusters import labels
from clusters.choices import Severity
from clusters.spec import BandSpec, InstrumentSpec

# The indicators that the ministry counts since about 2018.
THE_24 = range(1, 25)
# Bands in whole numbers, 500 to 600 and 601 to 700, leave a hole for fractions.
WHOLE_STEP = Decimal(1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity: its code for programs, its place and sentence for people."""

    code: str
    severity: Severity
    place: str
    sentence: str

    @property
    def anchor(self) -> str:
        """The place as the id of an element on a page."""
        return anchor(self.place)


def anchor(place: str) -> str:
    """A place as the id of an element on a page."""
    return place.replace(" ", "-")


def lint(spec: InstrumentSpec) -> list[Finding]:
    """Every finding, errors first, otherwise in the order of the instrument."""
    found = [finding for rule in RULES for finding in rule(spec)]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with which an instrument is not published."""
    return [finding for finding in findings if finding.severity == Severity.ERROR]


# --- Rules ----------------------------------------------------------------------------------


def _sums(spec: InstrumentSpec) -> Iterator[Finding]:
    """Sums of parts that differ from the maximum of the whole, at every level."""
    for row in spec.indicators():
        parts = [question.max_points for question in row.questions]
        yield from _sum(labels.indicator(row.code), _("Pertanyaan"), parts, row.max_points)
    for cluster in spec.clusters:
        parts = [row.max_points for row in cluster.indicators]
        yield from _sum(labels.cluster(cluster), _("Indikator"), parts, cluster.max_points)
    parts = [cluster.max_points for cluster in spec.clusters]
    yield from _sum(labels.instrument(), _("Klaster"), parts, spec.max_points)


def _sum(place: str, what: str, parts: Sequence[Decimal], maximum: Decimal) -> Iterator[Finding]:
    total = sum(parts, Decimal(0))
    facts = {"what": what, "total": labels.number(total), "maximum": labels.number(maximum)}
    if parts and total > maximum:
        sentence = _(
            "%(what)s di dalamnya berjumlah %(total)s, maksimumnya %(maximum)s; "
            "yang lebih tidak terhitung."
        )
        yield Finding("sum_over", Severity.WARNING, place, sentence % facts)
    if parts and total < maximum:
        sentence = _(
            "%(what)s di dalamnya hanya berjumlah %(total)s, maksimumnya %(maximum)s; "
            "maksimum itu tidak dapat dicapai."
        )
        yield Finding("sum_under", Severity.WARNING, place, sentence % facts)


def _codes(spec: InstrumentSpec) -> Iterator[Finding]:
    """A code names one thing in the whole instrument."""
    named = [
        [(stage.code, labels.stage(stage.code)) for stage in spec.stages],
        [(item.code, labels.agency(item.code)) for item in spec.agencies],
        [(kind.code, labels.evidence_kind(kind.code)) for kind in spec.evidence_kinds],
        [(band.predikat, labels.band(band.predikat)) for band in spec.bands],
        [(cluster.code, labels.cluster(cluster)) for cluster in spec.clusters],
        [(row.code, labels.indicator(row.code)) for row in spec.indicators()],
        [(question.code, labels.question(question.code)) for question in spec.questions()],
    ]
    for pairs in named:
        for place, _first in _repeated(pairs):
            sentence = _("Kode ini dipakai lebih dari sekali; beri tiap isian kode sendiri.")
            yield Finding("duplicate_code", Severity.ERROR, place, sentence)


def _texts(spec: InstrumentSpec) -> Iterator[Finding]:
    """The same words twice are usually one thing copied by mistake."""
    named = [
        [(cluster.name, labels.cluster(cluster)) for cluster in spec.clusters],
        [(row.name, labels.indicator(row.code)) for row in spec.indicators()],
        [(question.text, labels.question(question.code)) for question in spec.questions()],
    ]
    for pairs in named:
        for place, first in _repeated([(" ".join(t.casefold().split()), p) for t, p in pairs]):
            sentence = _("Bunyinya sama dengan %(first)s.") % {"first": first}
            yield Finding("duplicate_text", Severity.WARNING, place, sentence)


def _repeated(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The place of every value that was there before, with the place of the first."""
    seen: dict[str, str] = {}
    for value, place in pairs:
        if value and value in seen:
            yield place, seen[value]
        seen.setdefault(value, place)


def _bands(spec: InstrumentSpec) -> Iterator[Finding]:
    if not spec.bands:
        sentence = _("Tidak ada rentang predikat; total tidak akan berpredikat.")
        yield Finding("no_bands", Severity.NOTE, labels.instrument(), sentence)
        return
    for band in spec.bands:
        yield from _band_itself(band, spec.max_points)
    yield from between_bands(spec.bands)
    top = max(band.maximum for band in spec.bands)
    if top < spec.max_points:
        yield _hole(spec.bands[-1], top, spec.max_points)


def between_bands(bands: Iterable[BandSpec]) -> Iterator[Finding]:
    """Where bands that follow each other overlap, leave a hole or are out of order."""
    for before, after in pairwise(bands):
        yield from _band_after(before, after)


def _band_itself(band: BandSpec, max_points: Decimal) -> Iterator[Finding]:
    place = labels.band(band.predikat)
    if band.minimum >= band.maximum:
        sentence = _("Batas bawah %(minimum)s harus di bawah batas atas %(maximum)s.") % {
            "minimum": labels.number(band.minimum),
            "maximum": labels.number(band.maximum),
        }
        yield Finding("band_inverted", Severity.ERROR, place, sentence)
    if band.maximum > max_points:
        sentence = _("Batas atas %(maximum)s melampaui maksimum instrumen, %(points)s.") % {
            "maximum": labels.number(band.maximum),
            "points": labels.number(max_points),
        }
        yield Finding("band_exceeds_maximum", Severity.ERROR, place, sentence)


def _band_after(before: BandSpec, after: BandSpec) -> Iterator[Finding]:
    place = labels.band(after.predikat)
    if after.maximum < before.minimum:
        sentence = _("Harus berada sebelum %(before)s; urutkan dari yang terendah.")
        yield Finding(
            "band_out_of_order", Severity.ERROR, place, sentence % {"before": before.predikat}
        )
    elif after.minimum <= before.maximum:
        sentence = _("Bertumpang tindih dengan %(before)s, yang sampai %(maximum)s.")
        facts = {"before": before.predikat, "maximum": labels.number(before.maximum)}
        yield Finding("band_overlap", Severity.ERROR, place, sentence % facts)
    else:
        yield _hole(before, before.maximum, after.minimum)


def _hole(band: BandSpec, lower: Decimal, upper: Decimal) -> Finding:
    """Totals between two bands, for which no predikat is published."""
    severity = Severity.NOTE if upper - lower <= WHOLE_STEP else Severity.WARNING
    sentence = _(
        "Total di atas %(lower)s sampai di bawah %(upper)s tidak berada di rentang mana pun."
    )
    facts = {"lower": labels.number(lower), "upper": labels.number(upper)}
    return Finding("band_hole", severity, labels.band(band.predikat), sentence % facts)


def _points(spec: InstrumentSpec) -> Iterator[Finding]:
    worth = [(labels.instrument(), spec.max_points)]
    worth += [(labels.cluster(cluster), cluster.max_points) for cluster in spec.clusters]
    worth += [(labels.indicator(row.code), row.max_points) for row in spec.indicators()]
    for place, points in worth:
        if points <= 0:
            sentence = _("Poin maksimum belum diisi; harus lebih dari nol.")
            yield Finding("no_points", Severity.ERROR, place, sentence)
    for question in spec.questions():
        if not question.max_points:
            sentence = _("Bernilai 0 poin; jawabannya tidak mengubah total.")
            place = labels.question(question.code)
            yield Finding("zero_points", Severity.WARNING, place, sentence)


def _emptiness(spec: InstrumentSpec) -> Iterator[Finding]:
    if not spec.clusters:
        sentence = _("Belum ada klaster di dalamnya.")
        yield Finding("empty", Severity.ERROR, labels.instrument(), sentence)
    if not spec.stages:
        sentence = _("Belum ada tahap penilaian; isi sekurang-kurangnya satu.")
        yield Finding("no_stages", Severity.ERROR, labels.instrument(), sentence)
    for cluster in spec.clusters:
        if not cluster.indicators:
            sentence = _("Belum ada indikator di dalamnya.")
            yield Finding("empty", Severity.ERROR, labels.cluster(cluster), sentence)
    for row in spec.indicators():
        if not row.questions:
            sentence = _("Belum ada pertanyaan di dalamnya.")
            yield Finding("empty", Severity.ERROR, labels.indicator(row.code), sentence)


def _links(spec: InstrumentSpec) -> Iterator[Finding]:
    """Who answers, and with what."""
    for question in spec.questions():
        place = labels.question(question.code)
        if not question.agencies:
            sentence = _(
                "Belum ada perangkat daerah baku; tidak ada yang ditugasi dengan sendirinya."
            )
            yield Finding("no_agency", Severity.WARNING, place, sentence)
        if not question.evidence:
            sentence = _("Belum ada jenis dokumen yang diminta.")
            yield Finding("no_evidence", Severity.WARNING, place, sentence)


def _options(spec: InstrumentSpec) -> Iterator[Finding]:
    for question in spec.questions():
        options = [(option, option) for option in question.options]
        for option, _first in _repeated(options):
            sentence = _("Pilihan “%(option)s” berulang.") % {"option": option}
            yield Finding(
                "repeated_option", Severity.ERROR, labels.question(question.code), sentence
            )


def _languages(spec: InstrumentSpec) -> Iterator[Finding]:
    """A text in Indonesian everywhere, and in English everywhere or nowhere."""
    names = [(labels.instrument(), spec.title, spec.title_en)]
    names += [(labels.cluster(c), c.name, c.name_en) for c in spec.clusters]
    names += [(labels.indicator(row.code), row.name, row.name_en) for row in spec.indicators()]
    questions = [(labels.question(q.code), q.text, q.text_en) for q in spec.questions()]
    for place, indonesian, _english in [*names, *questions]:
        if not indonesian:
            sentence = _("Belum ada teks bahasa Indonesia.")
            yield Finding("missing_text", Severity.ERROR, place, sentence)
    yield from _untranslated(names, _("Tidak satu pun dari %(count)d judul berbahasa Inggris."))
    yield from _untranslated(
        questions, _("Tidak satu pun dari %(count)d pertanyaan berbahasa Inggris.")
    )


def _untranslated(texts: Sequence[tuple[str, str, str]], none_at_all: str) -> Iterator[Finding]:
    """Texts without a translation; one finding for all of them where nothing is translated."""
    missing = [place for place, _indonesian, english in texts if not english]
    if len(missing) == len(texts) > 1:
        sentence = none_at_all % {"count": len(texts)}
        yield Finding("missing_text_en", Severity.NOTE, labels.instrument(), sentence)
        return
    for place in missing:
        sentence = _("Belum ada teks bahasa Inggris.")
        yield Finding("missing_text_en", Severity.NOTE, place, sentence)


def _numbers(spec: InstrumentSpec) -> Iterator[Finding]:
    """The numbers 1 to 24; an instrument that counts none among them numbers as it likes."""
    counted = {row.number for row in spec.indicators() if row.counts_among_24}
    if not counted:
        return
    for row in spec.indicators():
        facts = {"number": row.number}
        if row.counts_among_24 and row.number not in THE_24:
            sentence = _("Nomor %(number)d tidak termasuk 1 sampai 24.") % facts
            yield Finding(
                "number_outside_24", Severity.WARNING, labels.indicator(row.code), sentence
            )
        if not row.counts_among_24 and row.number in THE_24:
            sentence = _(
                "Bernomor %(number)d, tetapi tidak ditandai sebagai bagian dari 24 indikator."
            )
            place = labels.indicator(row.code)
            yield Finding("number_not_counted", Severity.WARNING, place, sentence % facts)
    missing = [str(number) for number in THE_24 if number not in counted]
    if missing:
        sentence = _("Dari 24 indikator belum ada nomor %(numbers)s.")
        facts_missing = {"numbers": ", ".join(missing)}
        yield Finding(
            "numbers_missing", Severity.WARNING, labels.instrument(), sentence % facts_missing
        )


RULES: tuple[Callable[[InstrumentSpec], Iterator[Finding]], ...] = (
    _emptiness,
    _codes,
    _languages,
    _points,
    _sums,
    _bands,
    _numbers,
    _texts,
    _options,
    _links,
)
