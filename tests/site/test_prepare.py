import pytest
from django.core.management import call_command

from assessments.models import Award
from cities.models import City, User
from clusters.models import Instrument


@pytest.mark.django_db
def test_preparing_loads_regions_and_instruments_and_no_demonstration():
    call_command("prepare")
    first = (City.objects.count(), list(Instrument.objects.values_list("code", "published_at")))
    call_command("prepare")
    second = (City.objects.count(), list(Instrument.objects.values_list("code", "published_at")))

    assert first == second
    assert first[0] == 514
    assert Award.objects.count() == 179
    assert [code for code, _ in first[1]] == ["kla-2011", "kla-2023"]
    assert not User.objects.exists()
