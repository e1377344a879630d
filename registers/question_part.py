"""What the page of a question shows of its register."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Answer
from assessments.question_parts import QuestionPart
from clusters.register_files import SourceSpec
from registers.contract import RegisterAnswer, shown_value
from registers.models import TakenValue
from registers.registry import answer_from, sight_of, source_for
from registers.wording import told_of, year_line


@dataclass(frozen=True, slots=True)
class Offer:
    """The register's answer beside what the city claims and what was taken before."""

    source: SourceSpec
    answer: RegisterAnswer
    taken: TakenValue | None
    claimed: Decimal | None  # the figure of the answer now
    files: bool  # whether taking also hands in the matrix
    may_take: bool

    @property
    def seen(self) -> str:
        return sight_of(self.source, self.answer)

    @property
    def is_empty(self) -> bool:
        """Nothing was accepted yet: there is nothing to take."""
        return self.answer.is_empty

    @property
    def is_current(self) -> bool:
        """What was taken is what the register says now, and still is the figure."""
        return (
            self.taken is not None
            and self.taken.is_still(self.source, self.answer)
            and self.claimed == self.answer.value
        )

    @property
    def has_moved(self) -> bool:
        return self.taken is not None and not self.taken.is_still(self.source, self.answer)

    @property
    def told(self) -> str:
        return told_of(self.answer)

    @property
    def years(self) -> list[str]:
        return [year_line(one) for one in self.answer.years]

    @property
    def claimed_shown(self) -> str:
        return shown_value(self.claimed, self.answer.kind)

    @property
    def difference(self) -> Decimal | None:
        """The claim's figure less the register's, in its unit; None where they agree."""
        if self.claimed is None or self.answer.value is None:
            return None
        return self.claimed - self.answer.value or None


def from_register(answer: Answer, *, may_claim: bool) -> QuestionPart | None:
    """Nothing, without a query, where no register answers the question."""
    source = source_for(answer, answer.assessment)
    if source is None:
        return None
    content = Offer(
        source=source,
        answer=answer_from(source, answer.assessment),
        taken=TakenValue.objects.select_related("by").filter(answer=answer).first(),
        claimed=answer.value,
        files=bool(source.files_as),
        may_take=may_claim,
    )
    return QuestionPart("registers/_question_part.html", content)
