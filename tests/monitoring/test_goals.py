"""The predikat that a city wants to reach in a year."""

from monitoring.models import YearGoal
from monitoring.services.goals import set_year_goal
from tests.actionplan.test_plans import trail
from tests.assessments.situations import NOW


def test_the_target_of_a_year_is_set_changed_and_taken_away(city, secretary):
    signed = {"city": city, "year": 2027, "by": secretary, "at": NOW}

    set_year_goal(**signed, predikat="Madya", source="RPJMD")
    set_year_goal(**signed, predikat="Nindya", source="RPJMD")
    set_year_goal(**signed, predikat="Nindya", source="RPJMD")  # nothing new
    assert str(YearGoal.objects.get()) == "2027: Nindya"
    set_year_goal(**signed, predikat="", source="")
    set_year_goal(**signed, predikat="", source="")

    assert not YearGoal.objects.exists()
    assert [
        (before.get("predikat"), after.get("predikat")) for _d, _t, before, after in trail(city)
    ] == [
        (None, "Madya"),
        ("Madya", "Nindya"),
        ("Nindya", None),
    ]
