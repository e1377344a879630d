"""The tables in which packages kept uploads before: left for the release before, in nobody's way."""

import pytest
from django.db import connection

from cities.models import City, User
from tests.assessments.situations import NOW
from tests.factories.cities import CityFactory, UserFactory

OLD = {
    "actionplan_keptsheet": {
        "kind": "actions",
        "name": "rad.xlsx",
        "about": "{}",
        "rows": "[]",
        "faults": "[]",
    },
    "facilities_facilityimport": {"rows": "[]", "faults": "[]"},
    "regulations_feedimport": {"entries": "[]", "faults": "[]"},
    "territories_reportimport": {
        "id": "0b5c6a2e7d1f4a539a633f1f0c0f6b11",
        "year": 2025,
        "criteria": "kla-2023",
        "name": "l.xlsx",
        "rows": "[]",
    },
}


def columns(table):
    with connection.cursor() as cursor:
        return {one.name for one in connection.introspection.get_table_description(cursor, table)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", OLD)
def test_what_the_release_before_still_writes_holds_neither_a_city_nor_a_person(table):
    city, person = CityFactory(), UserFactory()
    row = OLD[table] | {"city_id": city.pk}
    signed = columns(table) & {"by_id", "user_id"}
    row |= dict.fromkeys(signed, person.pk)
    row |= dict.fromkeys(columns(table) & {"at", "created_at"}, NOW)
    names, values = ", ".join(f'"{name}"' for name in row), list(row.values())
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)

    city.delete()
    person.delete()

    assert not City.objects.exists()
    assert not User.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}"')
        assert cursor.rowcount == 1
