"""The same sending of a phone that arrives several times at once, in threads of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import SupportingDocument
from facilities.models import FacilityPhoto, Visit
from facilities.types import catalogue
from kla.form_tokens import FIELD, new_token
from tests.assessments.situations import secretary_of, working_year
from tests.facilities.test_pages import picture, url
from tests.factories.facilities import FacilityFactory

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "0b5c6a2e-7d1f-4a53-9a63-3f1f0c0f6b11"
ROOM = catalogue().types["ruang-asi"].checklists[0]
TIMES = 6


@pytest.fixture
def facility():
    return FacilityFactory(city=working_year().city, office=True)


def sent_at_once(facility, name, *rest, **fields):
    """Where each of TIMES equal requests led, started at the same moment."""
    by = secretary_of(facility.city.assessments.get())
    page = url(name, facility.city, facility.pk, *rest)
    fields |= {FIELD: new_token(by.pk), "kunci": KEY}
    barrier = threading.Barrier(TIMES, timeout=30)

    def send():
        client = Client()
        client.force_login(by)
        files = {"file": picture()} if name == "photo_add" else {}
        try:
            barrier.wait()
            return client.post(page, fields | files).headers.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return [one.result(timeout=60) for one in [pool.submit(send) for _ in range(TIMES)]]


def test_a_photo_is_stored_once(facility):
    told = sent_at_once(facility, "photo_add", caption="Pintu")

    assert told == [facility.get_absolute_url()] * TIMES
    assert (FacilityPhoto.objects.count(), SupportingDocument.objects.count()) == (1, 1)


def test_a_visit_is_kept_once(facility):
    said = {f"butir-{item.code}": "ya" for item in ROOM.items}
    day = timezone.localdate().isoformat()

    told = sent_at_once(facility, "visit_create", ROOM.code, on=day, seen="0", **said)

    assert told == [facility.get_absolute_url()] * TIMES
    assert Visit.objects.count() == 1
