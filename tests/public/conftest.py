import pytest

from assessments.choices import Stage
from tests.assessments.situations import set_stage, working_year
from tests.factories.assessments import NOW
from tests.public.situations import fill


@pytest.fixture
def year(db):
    """Submitted at NOW; of every part there is something to release."""
    year = working_year()
    fill(year)
    return set_stage(assessment_id=year.pk, stage=Stage.SUBMITTED, at=NOW)
