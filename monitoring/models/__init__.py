from monitoring.models.goal import YearGoal
from monitoring.models.realisation import Realisation

__all__ = ["Realisation", "YearGoal"]
