"""What is stored of the Gugus Tugas: decrees and members, meetings, commitments."""

from taskforce.models.commitments import Commitment
from taskforce.models.decrees import Certificate, Decree, TaskForceMember
from taskforce.models.meetings import Addendum, Attendance, Decision, Meeting, Photo

__all__ = [
    "Addendum",
    "Attendance",
    "Certificate",
    "Commitment",
    "Decision",
    "Decree",
    "Meeting",
    "Photo",
    "TaskForceMember",
]
