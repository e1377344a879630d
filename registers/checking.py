"""What is odd in the files that say which register answers which question."""

from __future__ import annotations

from clusters.choices import AnswerType
from clusters.library import packaged
from clusters.register_files import SourceSpec, packaged_sources, source_faults
from registers.contract import AnswerKind
from registers.registry import registers

# What a question of that type takes from a register; the others take either.
FITS = {
    AnswerType.PERCENT.value: AnswerKind.SHARE,
    AnswerType.COUNT.value: AnswerKind.COUNT,
}


def faults() -> list[str]:
    """Every fault of the files, and of each register's own data; empty where all fits."""
    found = []
    for spec in packaged_sources():
        instrument = packaged(spec.instrument)
        found += [str(fault) for fault in source_faults(spec, instrument)]
        asked = {one.code: one.answer_type for one in instrument.questions()}
        found += [fault for one in spec.sources if (fault := _fault(one, asked.get(one.question)))]
    for register in registers().values():
        found += register.faults()
    return found


def _fault(source: SourceSpec, asked: str | None) -> str:
    """A register that does not know the key, or counts where a share is asked for."""
    where = f"{source.question}: {source.register} {source.key}"
    register = registers().get(source.register)
    gives = register.gives(source.key) if register else None
    if gives is None:
        return f"{where}?"
    fitting = FITS.get(asked or "", gives)
    return "" if gives == fitting else f"{where}: {gives}, {asked}?"
