import pytest
from django.urls import reverse

from clusters.models import Instrument
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import make_instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(SiteAdminFactory())
    return client


@pytest.mark.parametrize("model", ["instrument", "indicator", "question"])
def test_an_administrator_may_look_up_but_not_add(admin_client, model):
    make_instrument()

    assert admin_client.get(reverse(f"admin:clusters_{model}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"admin:clusters_{model}_add")).status_code == 403


def test_an_administrator_can_neither_change_nor_delete_an_instrument(admin_client):
    instrument = make_instrument()
    change = reverse("admin:clusters_instrument_change", args=[instrument.pk])
    delete = reverse("admin:clusters_instrument_delete", args=[instrument.pk])

    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"title": "Lain"}).status_code == 403
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert Instrument.objects.get().title == "Instrumen kecil"


def test_a_question_opens_with_everything_that_belongs_to_it(admin_client):
    question = make_instrument().clusters.first().indicators.first().questions.last()
    url = reverse("admin:clusters_question_change", args=[question.pk])

    assert "Pertanyaan 1.2" in admin_client.get(url).text
