"""Reads instrument files: parses the text, checks all of it, returns plain values.

Every fault is collected before anything is refused, so that a file is mended in one go.
What the published instrument itself does not square (questions that add up to more than
their indicator) is not a fault: it is loaded as it is and shown as it is. The linter names it.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check, within
from clusters.choices import AnswerType, ClusterKind, Direction, Measure
from clusters.plain_yaml import Fault, UnreadableError, read_plain
from clusters.spec import (
    MAX_CODE,
    AgencySpec,
    BandSpec,
    ClusterSpec,
    EvidenceKindSpec,
    IndicatorSpec,
    InstrumentSpec,
    QuestionSpec,
    StageSpec,
    plain_number,
)

SCHEMA = 1
MAX_TEXT = 5000
NUMBERS = range(1, 100)
# What the first published instruments did not have yet, with what stands for "not used".
ADDED_LATER = {"text_en": "", "measure": "points", "corrects": "", "correction_note": ""}
PACKAGED = resources.files("clusters") / "instruments"
# Faults that a draft may have for a while; publishing waits until they are mended.
DRAFT_FAULTS = frozenset(
    {
        "band_exceeds_maximum",
        "band_out_of_order",
        "band_overlap",
        "empty",
        "no_points",
        "repeated_option",
    }
)
# All that the linter says in words of its own; such a file can be read, if only to be linted.
LINTED_FAULTS = DRAFT_FAULTS | {"band_inverted", "duplicate_code"}


class InstrumentError(Exception):
    """An instrument file that is not loaded, with every reason why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read(text: str, *, leaving: Collection[str] = ()) -> InstrumentSpec:
    """The instrument in the YAML `text`; raises InstrumentError with every fault.

    Faults whose finding is among `leaving` (DRAFT_FAULTS, LINTED_FAULTS) are let pass.
    """
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise InstrumentError([error.fault]) from error
    return read_document(document, faults, leaving=leaving)


def read_document(
    document: object, faults: list[Fault], *, leaving: Collection[str] = ()
) -> InstrumentSpec:
    """The instrument in a document of dicts, lists, texts, decimals and booleans.

    `faults` is what was found in it before; raises InstrumentError as `read` does.
    """
    check = Check(faults)
    spec = _instrument(check, document)
    serious = [fault for fault in check.faults if fault.finding not in leaving]
    if serious:
        raise InstrumentError(serious)
    return spec


def packaged_codes() -> list[str]:
    """The codes of the instruments that come with the project."""
    names = (entry.name for entry in PACKAGED.iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@cache  # files of the project do not change under a process
def packaged(code: str) -> InstrumentSpec:
    """The instrument of that code that comes with the project; LookupError if none does."""
    if code not in packaged_codes():
        raise LookupError(code)
    return read((PACKAGED / f"{code}.yaml").read_text(encoding="utf-8"))


def checksum(spec: InstrumentSpec) -> str:
    """SHA-256 of what the instrument says; how the file is laid out does not change it.

    A field that the specification gained later counts only where it is used, so that what
    was published before keeps its checksum for ever.
    """
    canonical = json.dumps(
        asdict(spec, dict_factory=_without_unused_fields),
        default=plain_number,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_unused_fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {key: value for key, value in pairs if ADDED_LATER.get(key, ...) != value}


def _instrument(check: Check, document: object) -> InstrumentSpec:
    top = check.mapping(
        document,
        "",
        required="schema instrument agencies evidence_kinds clusters",
        optional="exported",
    )
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    head = check.mapping(
        top.get("instrument", {}),
        "instrument",
        required="code title max_points stages" if "instrument" in top else "",
        optional=(
            "title_en legal_basis provenance bands bands_note measure corrects correction_note"
        ),
    )
    max_points = check.points(head, "instrument")
    agencies = tuple(AgencySpec(*pair) for pair in _named(check, top, "agencies"))
    kinds = tuple(EvidenceKindSpec(*pair) for pair in _named(check, top, "evidence_kinds"))
    return InstrumentSpec(
        code=check.code(head, "instrument", pattern=SLUG),
        title=check.text(head, "title", "instrument"),
        title_en=check.text(head, "title_en", "instrument"),
        legal_basis=_texts(check, head, "legal_basis", "instrument"),
        provenance=check.text(head, "provenance", "instrument", longest=MAX_TEXT),
        max_points=max_points,
        bands=tuple(_bands(check, head, max_points)),
        bands_note=check.text(head, "bands_note", "instrument", longest=MAX_TEXT),
        stages=tuple(StageSpec(*pair) for pair in _named(check, head, "stages", "instrument")),
        agencies=agencies,
        evidence_kinds=kinds,
        clusters=_Clusters(check, agencies, kinds).read(top),
        measure=check.choice(head, "measure", "instrument", among=Measure.values)
        or Measure.POINTS.value,
        corrects=check.text(head, "corrects", "instrument", longest=MAX_CODE),
        correction_note=check.text(head, "correction_note", "instrument", longest=MAX_TEXT),
    )


def _texts(
    check: Check, mapping: Mapping[str, object], key: str, path: str, *, finding: str = ""
) -> tuple[str, ...]:
    """A list of texts of one line, each once."""
    texts: list[str] = []
    seen: dict[str, str] = {}
    for item_place, item in check.items(mapping, key, path, may_be_empty=True):
        texts.append(check.sentence(item, item_place))
        if "\n" in texts[-1]:
            check.fault(item_place, _("Harus satu baris."))
        check.once(seen, texts[-1], item_place, finding=finding)
    return tuple(texts)


def _named(
    check: Check, mapping: Mapping[str, object], key: str, parent: str = ""
) -> Iterator[tuple[str, str]]:
    """A list of codes with their names, as agencies, evidence kinds and stages are."""
    seen: dict[str, str] = {}
    for path, item in check.items(mapping, key, parent, may_be_empty=key != "stages"):
        entry = check.mapping(item, path, required="code name")
        code = check.code(entry, path)
        check.once(seen, code, within(path, "code"), finding="duplicate_code")
        yield code, check.text(entry, "name", path)


def _bands(check: Check, head: Mapping[str, object], max_points: Decimal) -> Iterator[BandSpec]:
    seen: dict[str, str] = {}
    before: BandSpec | None = None
    for path, item in check.items(head, "bands", "instrument", may_be_empty=True):
        entry = check.mapping(item, path, required="predikat min max")
        predikat = check.text(entry, "predikat", path)
        check.once(seen, predikat, within(path, "predikat"), finding="duplicate_code")
        minimum = check.number(entry, "min", path)
        maximum = check.number(entry, "max", path)
        if minimum is None or maximum is None:
            continue
        band = BandSpec(predikat=predikat, minimum=minimum, maximum=maximum)
        _check_band(check, band, before, max_points, path)
        before = band
        yield band


def _check_band(
    check: Check, band: BandSpec, before: BandSpec | None, max_points: Decimal, path: str
) -> None:
    if band.minimum >= band.maximum:
        message = _("Batas bawah harus di bawah batas atas.")
        check.fault(path, message, finding="band_inverted")
    if before is not None and band.minimum <= before.maximum:
        message = _("Rentang harus urut naik dan tidak bertumpang tindih.")
        is_below = band.maximum < before.minimum
        check.fault(path, message, finding="band_out_of_order" if is_below else "band_overlap")
    if max_points and band.maximum > max_points:
        message = _("Rentang melampaui poin maksimum instrumen.")
        check.fault(path, message, finding="band_exceeds_maximum")


class _Clusters:
    """Reads the tree; codes of rows and questions are unique in the whole instrument."""

    def __init__(
        self,
        check: Check,
        agencies: tuple[AgencySpec, ...],
        kinds: tuple[EvidenceKindSpec, ...],
    ) -> None:
        self.check = check
        self.agencies = {agency.code for agency in agencies}
        self.kinds = [kind.code for kind in kinds]
        self.cluster_codes: dict[str, str] = {}
        self.indicator_codes: dict[str, str] = {}
        self.question_codes: dict[str, str] = {}

    def once(self, seen: dict[str, str], code: str, path: str) -> None:
        self.check.once(seen, code, within(path, "code"), finding="duplicate_code")

    def read(self, top: Mapping[str, object]) -> tuple[ClusterSpec, ...]:
        items = self.check.items(top, "clusters", "")
        return tuple(self.cluster(item, path) for path, item in items)

    def cluster(self, item: object, path: str) -> ClusterSpec:
        check = self.check
        entry = check.mapping(
            item,
            path,
            required="code label name kind max_points indicators",
            optional="name_en",
        )
        code = check.code(entry, path)
        self.once(self.cluster_codes, code, path)
        indicators = check.items(entry, "indicators", path)
        return ClusterSpec(
            code=code,
            label=check.text(entry, "label", path),
            name=check.text(entry, "name", path),
            name_en=check.text(entry, "name_en", path),
            kind=check.choice(entry, "kind", path, among=ClusterKind.values),
            max_points=check.points(entry, path),
            indicators=tuple(self.indicator(row, row_path) for row_path, row in indicators),
        )

    def indicator(self, item: object, path: str) -> IndicatorSpec:
        check = self.check
        entry = check.mapping(
            item,
            path,
            required="code number name max_points counts_among_24 questions",
            optional="name_en note",
        )
        code = check.code(entry, path)
        self.once(self.indicator_codes, code, path)
        questions = check.items(entry, "questions", path)
        return IndicatorSpec(
            code=code,
            number=self.indicator_number(entry, path),
            name=check.text(entry, "name", path),
            name_en=check.text(entry, "name_en", path),
            max_points=check.points(entry, path),
            counts_among_24=self.flag(entry, "counts_among_24", path),
            note=check.text(entry, "note", path, longest=MAX_TEXT),
            questions=tuple(self.question(row, row_path) for row_path, row in questions),
        )

    def indicator_number(self, entry: Mapping[str, object], path: str) -> int:
        number = self.check.number(entry, "number", path)
        if number is not None and number not in NUMBERS:
            self.check.fault(
                within(path, "number"), _("Nomor indikator harus bilangan bulat 1 sampai 99.")
            )
        return int(number or 0)

    def flag(self, entry: Mapping[str, object], key: str, path: str) -> bool:
        value = entry.get(key, False)
        if not isinstance(value, bool):
            self.check.fault(within(path, key), _("Harus true atau false."))
        return value is True

    def question(self, item: object, path: str) -> QuestionSpec:
        check = self.check
        entry = check.mapping(
            item,
            path,
            required="code text max_points answer_type",
            optional="text_en options usual_fractions direction note evidence agencies",
        )
        code = check.code(entry, path)
        self.once(self.question_codes, code, path)
        evidence = check.known_codes(entry, "evidence", path, among=self.kinds)
        agencies = check.known_codes(entry, "agencies", path, among=self.agencies)
        return QuestionSpec(
            code=code,
            text=check.text(entry, "text", path, longest=MAX_TEXT),
            text_en=check.text(entry, "text_en", path, longest=MAX_TEXT),
            max_points=check.points(entry, path, may_be_zero=True),
            answer_type=check.choice(entry, "answer_type", path, among=AnswerType.values),
            options=_texts(check, entry, "options", path, finding="repeated_option"),
            usual_fractions=tuple(self.fractions(entry, path)),
            direction=check.choice(entry, "direction", path, among=Direction.values),
            note=check.text(entry, "note", path, longest=MAX_TEXT),
            evidence=tuple(kind for kind in self.kinds if kind in evidence),
            agencies=tuple(agencies),
        )

    def fractions(self, entry: Mapping[str, object], path: str) -> Iterator[Decimal]:
        """The usual parts of the points; in ascending order, each once."""
        last: Decimal | None = None
        key = "usual_fractions"
        for item_place, item in self.check.items(entry, key, path, may_be_empty=True):
            if not isinstance(item, Decimal) or not 0 <= item <= 1:
                self.check.fault(item_place, _("Harus angka dari 0 sampai 1."))
                continue
            if last is not None and item <= last:
                self.check.fault(item_place, _("Bagian poin harus urut naik."))
            last = item
            yield item
