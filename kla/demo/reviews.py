"""How documents of the demonstration year are handed in and reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto

from assessments.models import Answer, Evidence, SupportingDocument
from assessments.services.comments import add_comment
from assessments.services.documents import upload_documents
from assessments.services.review import accept_evidence, return_evidence
from cities.models import Membership, User
from kla.demo.cast import COMPANION, SECRETARIAT, VERIFIER, Person
from kla.demo.diary import Diary
from kla.demo.papers import Paper, facts_of, file_of

# Working days before today. A document that was decided on came in within these.
FIRST_UPLOAD, LAST_DECIDED_UPLOAD, OLDEST_WAITING = 27, 6, 3

HUNDREDTH = Decimal("0.01")
REDUCED_TO = Decimal("0.75")

PROMISE = "Baik, berkas yang lengkap sedang kami siapkan dan akan kami unggah."
ADVICE = "Salinan yang dilegalisasi juga dapat dipakai bila berkas asli tidak tersedia."


class Fate(Enum):
    """How a question's first document fares."""

    ACCEPTED = auto()
    ACCEPTED_FOR_LESS = auto()
    WAITING = auto()
    RETURNED = auto()
    MENDED = auto()  # returned, and the better one accepted


def fate_of(number: int) -> Fate:
    """A fixed pattern, so that every installation shows the same year."""
    if number % 11 == 4:
        return Fate.WAITING
    if number % 16 == 6:
        return Fate.RETURNED
    if number % 31 == 9:
        return Fate.MENDED
    if number % 6 == 2:
        return Fate.ACCEPTED_FOR_LESS
    return Fate.ACCEPTED


@dataclass(frozen=True, slots=True)
class Team:
    """The members of the city by their e-mail."""

    members: Mapping[str, Membership]

    def user(self, person: Person) -> User:
        return self.members[person.email].user

    def holder_of(self, answer: Answer) -> Membership:
        """Who hands in for a question: its first OPD with an account, else the secretariat."""
        staff = {member.opd_id: member for member in self.members.values() if member.opd_id}
        for assignment in answer.assignments.all():  # the lead comes first
            if assignment.opd_id in staff:
                return staff[assignment.opd_id]
        return self.members[SECRETARIAT.email]

    def reviewer(self, holder: Membership, number: int) -> User:
        """Somebody else than who handed in."""
        if holder.opd_id and number % 3 == 0:
            return self.user(SECRETARIAT)
        return self.user(VERIFIER)


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the people and days around its documents."""

    answer: Answer
    paper: Paper
    team: Team
    diary: Diary
    stored: list[SupportingDocument]  # every document whose file is on disk by now

    def run(self, fate: Fate) -> None:
        match fate:
            case Fate.WAITING:
                self.hand_in(self.paper, 1 + self.paper.number % OLDEST_WAITING)
            case Fate.RETURNED:
                self.give_back(self.came_in)
            case Fate.MENDED:
                self.give_back(self.came_in)
                better = replace(self.paper, is_faulty=False)
                self.accept(self.hand_in(better, self.came_in - 2), self.came_in - 3)
            case Fate.ACCEPTED | Fate.ACCEPTED_FOR_LESS:
                evidence = self.hand_in(self.paper, self.came_in)
                self.accept(evidence, self.decided, for_less=fate is Fate.ACCEPTED_FOR_LESS)

    @property
    def came_in(self) -> int:
        """The first document's working day, counted back from today."""
        days = FIRST_UPLOAD - LAST_DECIDED_UPLOAD + 1
        return LAST_DECIDED_UPLOAD + self.paper.number * 7 % days

    @property
    def decided(self) -> int:
        return self.came_in - 1 - self.paper.number % 3

    @property
    def holder(self) -> Membership:
        return self.team.holder_of(self.answer)

    @property
    def reviewer(self) -> User:
        return self.team.reviewer(self.holder, self.paper.number)

    def hand_in(self, paper: Paper, days_ago: int) -> Evidence:
        holder = self.holder
        (evidence,) = upload_documents(
            answer_id=self.answer.pk,
            files=[file_of(paper)],
            kind=paper.kind,
            said=facts_of(paper),
            opd=holder.opd,
            by=holder.user,
            at=self.diary.moment(days_ago, paper.number),
        )
        self.stored.append(evidence.document)
        return evidence

    def accept(self, evidence: Evidence, days_ago: int, *, for_less: bool = False) -> None:
        claim = self.answer.claimed_points or Decimal(0)
        less = (claim * REDUCED_TO).quantize(HUNDREDTH, ROUND_HALF_UP)
        accept_evidence(
            evidence_id=evidence.pk,
            granted_points=less if for_less else claim,
            by=self.reviewer,
            at=self.diary.moment(days_ago, self.paper.number),
        )

    def give_back(self, days_ago: int) -> None:
        """Hand in a document with a fault, get it back a day later, and talk about it."""
        faulty = replace(self.paper, is_faulty=True)
        evidence = self.hand_in(faulty, days_ago)
        decided_at = self.diary.moment(days_ago - 1, self.paper.number)
        return_evidence(
            evidence_id=evidence.pk,
            reason=faulty.family.reason,
            by=self.reviewer,
            at=decided_at,
        )
        if self.paper.number % 2:
            self.say(PROMISE, self.holder.user, decided_at + timedelta(hours=1))
        if self.paper.number % 4 == 1:
            self.say(ADVICE, self.team.user(COMPANION), decided_at + timedelta(hours=2))

    def say(self, text: str, by: User, at: datetime) -> None:
        add_comment(answer=self.answer, text=text, by=by, at=at)
