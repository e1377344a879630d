"""Files that say which register answers which question of an instrument.

They stand beside the instrument and are never part of it: a city that counts otherwise changes
such a file, not a published questionnaire.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import gettext as _

from clusters.checking import SLUG, Check
from clusters.plain_yaml import Fault, UnreadableError, read_plain
from clusters.spec import MAX_CODE, InstrumentSpec

SCHEMA = 1
PACKAGED = resources.files("clusters") / "registers"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A question and what answers it: the code of a register, and what the register calls it."""

    question: str
    register: str
    key: str
    # The kind of evidence that the filled matrix counts as. Empty where the question asks for what
    # a matrix is not, such as a photo: then only the value is taken.
    files_as: str = ""


@dataclass(frozen=True, slots=True)
class SourcesSpec:
    instrument: str
    sources: tuple[SourceSpec, ...]


class SourcesError(Exception):
    """A file that is not used, with every reason why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@cache
def packaged_sources() -> tuple[SourcesSpec, ...]:
    """The files that come with the project. Raises SourcesError."""
    files = sorted(
        (entry for entry in PACKAGED.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return tuple(read_sources(entry.read_text(encoding="utf-8")) for entry in files)


def has_sources(instrument: str) -> bool:
    """Whether a file speaks of that instrument."""
    return any(spec.instrument == instrument for spec in packaged_sources())


def source_of(instrument: str, question: str) -> SourceSpec | None:
    """What answers that question of that instrument, by their codes."""
    for spec in packaged_sources():
        if spec.instrument == instrument:
            return next((one for one in spec.sources if one.question == question), None)
    return None


def questions_with_source(instrument: str) -> frozenset[str]:
    """The codes of the questions of that instrument that a register answers."""
    specs = [spec for spec in packaged_sources() if spec.instrument == instrument]
    return frozenset(source.question for spec in specs for source in spec.sources)


def read_sources(text: str) -> SourcesSpec:
    """The sources in the YAML `text`; raises SourcesError with every fault."""
    try:
        document, faults = read_plain(text)
    except UnreadableError as error:
        raise SourcesError([error.fault]) from error
    check = Check(faults)
    top = check.mapping(document, "", required="schema instrument sources")
    if "schema" in top and top["schema"] != SCHEMA:
        check.fault("schema", _("Hanya skema %(schema)d yang dikenal."), schema=SCHEMA)
    spec = SourcesSpec(
        instrument=check.text(top, "instrument", "", longest=MAX_CODE),
        sources=tuple(_sources(check, top)),
    )
    if check.faults:
        raise SourcesError(check.faults)
    return spec


def source_faults(spec: SourcesSpec, instrument: InstrumentSpec) -> list[Fault]:
    """What in a file does not fit the instrument that it names."""
    questions = {question.code: question for question in instrument.questions()}
    faults = []
    for source in spec.sources:
        question = questions.get(source.question)
        if question is None:
            message = _("Tidak ada pertanyaan ini dalam %(code)s.") % {"code": instrument.code}
            faults.append(Fault(source.question, message))
        elif source.files_as and source.files_as not in question.evidence:
            message = _("Pertanyaan ini tidak meminta dokumen jenis %(kind)s.")
            faults.append(Fault(source.question, message % {"kind": source.files_as}))
    return faults


def _sources(check: Check, top: dict[str, object]) -> Iterator[SourceSpec]:
    seen: dict[str, str] = {}
    for path, item in check.items(top, "sources", ""):
        row = check.mapping(item, path, required="question register key", optional="files_as")
        question = check.text(row, "question", path, longest=MAX_CODE)
        check.once(seen, question, path)
        register = check.text(row, "register", path, longest=MAX_CODE)
        if register and not SLUG.fullmatch(register):
            check.unknown(path, register)
        yield SourceSpec(
            question=question,
            register=register,
            key=check.text(row, "key", path),
            files_as=check.text(row, "files_as", path, longest=MAX_CODE),
        )
