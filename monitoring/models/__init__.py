from monitoring.models.goal import YearGoal
from monitoring.models.realisation import Realisation
from monitoring.models.rules import OF_CITY, CityRules, rules_of

__all__ = ["OF_CITY", "CityRules", "Realisation", "YearGoal", "rules_of"]
