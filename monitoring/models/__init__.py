from monitoring.models.goal import YearGoal
from monitoring.models.realisation import Realisation
from monitoring.models.rules import CityRules

__all__ = ["CityRules", "Realisation", "YearGoal"]
