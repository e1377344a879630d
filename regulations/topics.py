"""Which questions of an instrument ask for a regulation, and which for a budget: data beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

PACKAGED = resources.files("regulations") / "topics"


@dataclass(frozen=True, slots=True)
class Topics:
    """Codes of questions, in the order of the file; both empty for an unknown instrument."""

    policy: tuple[str, ...] = ()
    budget: tuple[str, ...] = ()


@cache
def topics_of(*instrument_codes: str) -> Topics:
    """What `topics/<code>.yaml` says for the first of the codes that has such a file."""
    files = [PACKAGED / f"{code}.yaml" for code in instrument_codes]
    file = next((one for one in files if one.is_file()), None)
    if file is None:
        return Topics()
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Topics(policy=tuple(said["policy"]), budget=tuple(said["budget"]))
