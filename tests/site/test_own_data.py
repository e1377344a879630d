"""What the site tells a person that it stores about them."""

import json

import pytest
from django.urls import reverse

from cities.models import User
from kla.own_data import LEFT_OUT, SECTIONS, counted, own_data
from tests.assessments.situations import NOW, claim, hand_in, staff_of, working_year
from tests.factories.assessments import answer_of
from tests.factories.cities import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    """Somebody with an answer, a document and lines in a trail; a colleague has as much."""
    year = working_year()
    answer = answer_of(year, "1.2")
    colleague, staff = staff_of(year, "DISDIK"), staff_of(year, "DISDIK")
    hand_in(answer, by=colleague.user, title="Surat rekan")
    claim(answer, "10", by=colleague.user)
    claim(answer, "12", by=staff.user, note="Menurut SK", seen_at=NOW)
    return staff


def test_every_table_that_refers_to_a_person_is_told_or_left_out_for_a_reason():
    told = {f"{section.model._meta.label}.{section.person}" for section in SECTIONS}
    refers = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }

    assert told & set(LEFT_OUT) == set()
    assert told | set(LEFT_OUT) == refers


def test_no_section_tells_a_password_or_a_key():
    named = {path for section in SECTIONS for path in section.fields.values()}

    assert [
        path
        for path in named
        if any(word in path for word in ("hash", "token", "password", "code_"))
    ] == []


def test_the_page_counts_what_the_file_holds(client, staff):
    client.force_login(staff.user)

    page = client.get(reverse("own_data"))
    file = client.get(reverse("own_data_download"))

    told = json.loads(file.content)
    assert [part.count for part in page.context["sections"]] == [
        len(told[section.key]) for section in SECTIONS
    ]
    assert told["akun"]["e-mail"] == staff.user.email
    assert [row["opd"] for row in told["keanggotaan"]] == [staff.opd.name]
    assert [row["catatan"] for row in told["klaim"]] == ["Menurut SK"]
    assert {row["aktivitas"] for row in told["jejak"]} == {"claim_saved"}
    assert file["Content-Disposition"].startswith('attachment; filename="data-saya-')


def test_page_and_file_cost_the_same_however_much_there_is(
    client, staff, django_assert_num_queries
):
    newcomer = UserFactory()

    for user in (newcomer, staff.user):
        client.force_login(user)
        with django_assert_num_queries(
            3
        ):  # session, person with unread notices, all counts at once
            client.get(reverse("own_data"))
        with django_assert_num_queries(2 + len(SECTIONS)):
            client.get(reverse("own_data_download"))


def test_nobody_is_told_of_another(client, staff):
    client.force_login(staff.user)

    told = client.get(reverse("own_data_download")).text

    assert "Surat rekan" not in told
    assert staff.user.password not in told


def test_somebody_new_has_nothing_but_the_account():
    user = UserFactory()

    assert {part.count for part in counted(user)} == {0}
    assert own_data(user, at=NOW)["jejak"] == []
