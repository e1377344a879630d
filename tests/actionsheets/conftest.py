"""The same city and plan as the tests of `actionplan`."""

from tests.actionplan.conftest import (  # noqa: F401
    action,
    action_year,
    city,
    dinkes,
    plan,
    secretary,
    year,
)
