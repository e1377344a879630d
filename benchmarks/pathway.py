"""How long the cheapest way takes on the whole instrument.

    .venv/bin/python -m benchmarks.pathway

All 274 questions with efforts from 1 to 20, from several starts to several goals. The longest of
them is what a person waits for at worst; the page looks for up to six alternatives besides.
"""

from __future__ import annotations

import csv
import random
import time
from decimal import Decimal
from pathlib import Path

from clusters.library import packaged
from clusters.spec import InstrumentSpec
from plans.pathway import Situation, cheapest_way

SHEET = Path(__file__).parents[1] / "kla" / "demo" / "sheet-kabupaten-a-2024.csv"
SHARES = (Decimal("0.1"), Decimal("0.3"), Decimal("0.6"), Decimal("0.9"), Decimal(1))
FRACTIONS = (Decimal(0), Decimal("0.33"), Decimal("0.66"), Decimal(1))


def starts(spec: InstrumentSpec, chance: random.Random) -> dict[str, dict[str, Decimal]]:
    """Points to begin with: a real sheet, nothing, usual fractions, and any thousandth."""
    maxima = {question.code: question.max_points for question in spec.questions()}
    with SHEET.open(encoding="utf-8") as file:
        sheet = {row["question"]: Decimal(row["points"] or 0) for row in csv.DictReader(file)}
    return {
        "a regency's sheet of 2024": sheet,
        "no points at all": {},
        "usual fractions": {
            code: (most * chance.choice(FRACTIONS)).quantize(Decimal("0.001"))
            for code, most in maxima.items()
        },
        "any thousandth": {
            code: Decimal(chance.randint(0, int(most * 1000))) / 1000
            for code, most in maxima.items()
        },
    }


def main() -> None:
    spec, chance = packaged("kla-2023"), random.Random(2026)  # noqa: S311 - no secret
    efforts = {question.code: chance.randint(1, 20) for question in spec.questions()}
    print(f"{'from':28} seconds to {', '.join(f'{share:.0%}' for share in SHARES)} of what is left")
    for name, points in starts(spec, chance).items():
        situation = Situation(spec, points, efforts)
        low, high = situation.total_with(()), situation.total_with(situation.open_questions())
        found = []
        for share in SHARES:
            begun = time.perf_counter()
            cheapest_way(situation, goal=(low + (high - low) * share).quantize(Decimal("0.001")))
            found.append(time.perf_counter() - begun)
        print(f"{name:28} {'  '.join(f'{seconds:.2f}' for seconds in found)}")


if __name__ == "__main__":
    main()
