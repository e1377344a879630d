"""What can be told of the look by arithmetic."""

import itertools
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", TOKENS.read_text()))


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(luminance(COLOURS[name]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "act"),
        ("ink", "act-tint"),
        ("ink", "tone-1"),
        ("ink", "tone-2"),
        ("ink", "tone-3"),
        ("ink-soft", "paper"),
        ("ink-soft", "tint"),
        ("ink-soft", "accent-tint"),
        ("accent", "paper"),
        ("accent", "tint"),
        ("accent-deep", "accent-tint"),
        ("act-deep", "act-tint"),
        ("wrong", "paper"),
        ("wrong", "wrong-tint"),
        ("paper", "accent"),
        ("paper", "accent-deep"),
        ("paper", "wrong"),
        ("paper", "tone-4"),
        ("paper", "tone-5"),
    ],
)
def test_text_stands_out_from_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5


def test_the_steps_of_the_ladder_darken_one_by_one():
    tones = [luminance(COLOURS[f"tone-{step}"]) for step in range(1, 6)]

    assert tones == sorted(tones, reverse=True)
    assert min(lighter - darker for lighter, darker in itertools.pairwise(tones)) > 0.02


def test_the_line_around_a_field_can_be_seen():
    assert contrast("line", "paper") >= 3


@pytest.mark.parametrize("sheet", sorted(TOKENS.parent.rglob("*.css")), ids=lambda path: path.name)
def test_every_block_of_a_style_sheet_is_closed(sheet):
    depths = list(
        itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in sheet.read_text())
    )

    assert (min(depths), depths[-1]) == (0, 0)
