"""The legal register of the demonstration: fictional, with one rule amended and one revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cities.models import City, User
from clusters.models import Instrument
from regulations.choices import RegulationKind, RelationKind
from regulations.models import Regulation
from regulations.services.regulations import RegulationFacts, cover, record_regulation, relate

PERDA, PERKADA = RegulationKind.PERDA, RegulationKind.PERKADA
KEPUTUSAN, EDARAN = RegulationKind.KEPUTUSAN, RegulationKind.SURAT_EDARAN


@dataclass(frozen=True, slots=True)
class Rule:
    """`key` names it in RELATIONS; `opd` is a code of the cast."""

    key: str
    kind: RegulationKind
    number: str
    promulgated_on: date | None
    title: str
    codes: Sequence[str] = ()
    is_draft: bool = False
    opd: str = ""


RULES = (
    Rule("kla-lama", PERDA, "9", date(2015, 8, 3), "Kota Layak Anak", ["1.1"]),
    Rule("kla", PERDA, "4", date(2021, 5, 10), "Penyelenggaraan Kota Layak Anak", ["1.1"]),
    Rule("rad", PERKADA, "31", date(2021, 11, 22), "Rencana Aksi Daerah Kota Layak Anak"),
    Rule(
        "akta", PERKADA, "12", date(2019, 3, 4), "Percepatan Kepemilikan Akta Kelahiran", ["1.2a"]
    ),
    Rule(
        "akta-ubah", PERKADA, "7", date(2022, 2, 14), "Perubahan atas Perwali Nomor 12 Tahun 2019"
    ),
    Rule("kawin", EDARAN, "463/118/2022", date(2022, 6, 6), "Pencegahan Perkawinan Anak", ["1.2f"]),
    Rule("ktr", PERDA, "2", date(2018, 9, 17), "Kawasan Tanpa Rokok", ["1.2q"]),
    Rule(
        "sra", KEPUTUSAN, "421/77/2020", date(2020, 1, 20), "Satuan Pendidikan Ramah Anak", ["1.2s"]
    ),
    Rule(
        "gizi", PERKADA, "", None, "Percepatan Penurunan Stunting", ["1.2m"],
        is_draft=True, opd="DINKES",
    ),
)  # fmt: skip
RELATIONS = (
    ("kla", RelationKind.REVOKES, "kla-lama"),
    ("rad", RelationKind.CARRIES_OUT, "kla"),
    ("akta-ubah", RelationKind.AMENDS, "akta"),
)
DRAFTED = 2024


def fill_register(*, city: City, instrument: Instrument, by: User, at: datetime) -> None:
    """Record them all, with what they do to each other and the questions they are about."""
    recorded: dict[str, Regulation] = {}
    for rule in RULES:
        day = rule.promulgated_on
        facts = RegulationFacts(
            kind=rule.kind,
            number=rule.number,
            year=day.year if day else DRAFTED,
            title=rule.title,
            is_draft=rule.is_draft,
            signed_on=day,
            promulgated_on=day,
            initiator=city.opds.get(code=rule.opd) if rule.opd else None,
        )
        recorded[rule.key] = record_regulation(city=city, facts=facts, by=by, at=at)
        if rule.codes:
            one = recorded[rule.key]
            cover(regulation=one, instrument=instrument, codes=rule.codes, by=by, at=at)
    for source, kind, target in RELATIONS:
        relate(source=recorded[source], target=recorded[target], kind=kind, by=by, at=at)
