"""What is stored of meetings: who came, what was said, what was decided."""

from meetings.models.meetings import Addendum, Attendance, Decision, Meeting, Photo

__all__ = ["Addendum", "Attendance", "Decision", "Meeting", "Photo"]
