"""What is odd in the files that say which register answers which question."""

from __future__ import annotations

from clusters.library import packaged
from clusters.register_files import SourcesSpec, packaged_sources, source_faults
from registers.registry import registers


def faults() -> list[str]:
    """Every fault of the files, and of each register's own data; empty where all fits."""
    found = []
    for spec in packaged_sources():
        found += [str(fault) for fault in source_faults(spec, packaged(spec.instrument))]
        found += _unknown(spec)
    for register in registers().values():
        found += register.faults()
    return found


def _unknown(spec: SourcesSpec) -> list[str]:
    known = registers()
    return [
        f"{source.question}: {source.register} {source.key}?"
        for source in spec.sources
        if source.register not in known or not known[source.register].knows(source.key)
    ]
