"""What is stored of the Gugus Tugas: decrees, members, certificates, commitments."""

from taskforce.models.commitments import Commitment
from taskforce.models.decrees import Certificate, Decree, TaskForceMember

__all__ = ["Certificate", "Commitment", "Decree", "TaskForceMember"]
