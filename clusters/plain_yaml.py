"""YAML without surprises: a number is the decimal that is written, a text is a text.

The usual loaders read 0.66 as a binary float, `no` as false and 12:30 as 750, keep the last
of two equal keys, and unfold aliases until the memory is full. Here only `true`, `false`,
`null` and plain decimals are more than text; tags, anchors and repeated keys are faults.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_DEPTH = 12
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
# The parser in C is ten times as fast; PyYAML does not come with it everywhere.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in an instrument file, and where.

    `finding` is the code under which the linter finds the same, where it does: a draft may
    have such a fault, a published instrument may not.
    """

    place: str
    message: str
    finding: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class UnreadableError(Exception):
    """The text cannot be read to its end; the fault says where reading stopped."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_plain(text: str) -> tuple[object, list[Fault]]:
    """The one document in `text`, and the faults that did not stop the reading."""
    builder = _Builder(yaml.parse(text, Loader=LOADER))
    try:
        return builder.document(), builder.faults
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableError(
            _fault_in_line(line, _("Susunan YAML tidak dapat dibaca."))
        ) from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        message = _("Ada karakter yang tidak boleh ada dalam YAML.")
        raise UnreadableError(_fault_in_line(line, message)) from error


def _fault_in_line(line: int, message: str) -> Fault:
    return Fault(_("baris %(line)d") % {"line": line}, message)


class _Builder:
    """Turns parser events into dicts, lists, texts, decimals, booleans and None."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.faults: list[Fault] = []

    def document(self) -> object:
        next(self.events)  # the stream starts
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise UnreadableError(_fault_in_line(1, _("Berkas kosong.")))
        value = self.value(next(self.events), depth=0)
        next(self.events)  # the document ends
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            self.fault(event, _("Berkas memuat lebih dari satu dokumen YAML."))
        return value

    def fault(self, event: Any, message: str) -> None:
        self.faults.append(_fault_in_line(event.start_mark.line + 1, message))

    def value(self, event: Any, *, depth: int) -> object:
        if depth > MAX_DEPTH:
            message = _("Susunan terlalu dalam.")
            raise UnreadableError(_fault_in_line(event.start_mark.line + 1, message))
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, _("Rujukan (*) tidak dipakai di sini; tulis isinya lengkap."))
            return None
        if event.anchor is not None:
            self.fault(event, _("Jangkar (&) tidak dipakai di sini."))
        if event.tag is not None:
            self.fault(event, _("Penanda tipe (!) tidak dipakai di sini."))
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(depth=depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(depth=depth)
        return _scalar(event.value) if event.implicit[0] else event.value

    def mapping(self, *, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                message = _("Kunci harus berupa teks.")
                raise UnreadableError(_fault_in_line(event.start_mark.line + 1, message))
            if event.value in values:
                message = _("Kunci “%(key)s” tertulis dua kali.") % {"key": event.value}
                self.fault(event, message)
            values[event.value] = self.value(next(self.events), depth=depth + 1)
        return values

    def sequence(self, *, depth: int) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.value(event, depth=depth + 1))
        return values


def _scalar(text: str) -> str | Decimal | bool | None:
    if NUMBER.fullmatch(text):
        return Decimal(text)
    return WORDS.get(text, text)
