from plans.models.effort import Effort
from plans.models.plan import Plan, PlanStep
from plans.models.scenario import Scenario, ScenarioOutcome

__all__ = ["Effort", "Plan", "PlanStep", "Scenario", "ScenarioOutcome"]
