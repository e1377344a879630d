from actionplan.models.action import Action, ActionQuestion, ActionYear
from actionplan.models.plan import ActionPlan, PlanLink
from actionplan.models.sheet import KeptSheet

__all__ = [
    "Action",
    "ActionPlan",
    "ActionQuestion",
    "ActionYear",
    "KeptSheet",
    "PlanLink",
]
