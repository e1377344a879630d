"""Which register answers each question of an instrument, for reading and choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.models import Instrument, Question, QuestionSource
from clusters.register_files import SourceSpec
from registers.checking import WORDS, misfits
from registers.registry import counted_by, given, registers, said_of


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A question with what answers it. `changed` says by whom and when, where it is not the file's."""

    question: Question
    source: SourceSpec | None
    changed: QuestionSource | None
    findings: Sequence[str]

    @property
    def register(self) -> str:
        found = registers().get(self.source.register) if self.source else None
        return str(found.title) if found else ""

    @property
    def title(self) -> str:
        """What the register counts for it; the bare key where it counts that no longer."""
        if self.source is None:
            return ""
        return counted_by(self.source.register).get(self.source.key, self.source.key)

    @property
    def gives(self) -> str:
        """Whether that is a share or a number, in words."""
        kind = given(self.source) if self.source else None
        return str(WORDS[kind]) if kind else ""

    @property
    def kind(self) -> str:
        """The kind of evidence as which the matrix is filed; empty where only the value is taken."""
        code = self.source.files_as if self.source else ""
        names = {kind.code: kind.name for kind in self.question.evidence_kinds.all()}
        return names.get(code, code)


def source_lines(instrument: Instrument) -> list[SourceLine]:
    """Every question of the instrument in its order; two queries."""
    questions = (
        Question.objects.of_instrument(instrument)
        .select_related("indicator__cluster", "changed_source__by")
        .prefetch_related("evidence_kinds")
        .order_by("position")
    )
    return [_line(question, instrument) for question in questions]


def _line(question: Question, instrument: Instrument) -> SourceLine:
    source = said_of(question, instrument)
    kinds = [kind.code for kind in question.evidence_kinds.all()]
    found = misfits(source, question.answer_type, kinds) if source else []
    return SourceLine(question, source, getattr(question, "changed_source", None), found)
