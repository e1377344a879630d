from actionplan.models.action import Action, ActionQuestion, ActionYear
from actionplan.models.plan import ActionPlan, PlanLink, YearGoal
from actionplan.models.realisation import Realisation

__all__ = [
    "Action",
    "ActionPlan",
    "ActionQuestion",
    "ActionYear",
    "PlanLink",
    "Realisation",
    "YearGoal",
]
