from actionplan.models.action import Action, ActionQuestion, ActionYear
from actionplan.models.plan import ActionPlan, PlanLink

__all__ = [
    "Action",
    "ActionPlan",
    "ActionQuestion",
    "ActionYear",
    "PlanLink",
]
