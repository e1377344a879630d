"""The same city and plan as the tests of the plan have."""

from tests.actionplan.conftest import (  # noqa: F401
    action,
    action_year,
    city,
    coordinator,
    dinkes,
    plan,
    secretary,
    way,
    year,
)
