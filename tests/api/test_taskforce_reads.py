"""The Gugus Tugas by the interface: who is in it today, what its decree lacks, and what its parties
have promised."""

from datetime import UTC, date, datetime

import pytest

from taskforce.choices import CommitmentState, Element, Field, Sector, TaskForceRole
from taskforce.composition import composition_faults
from tests.factories.taskforce import (
    CertificateFactory,
    CommitmentFactory,
    DecreeFactory,
    TaskForceMemberFactory,
)

TODAY = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return TODAY.date()


def told(world, rest, who="opd_own"):
    return world.ask(who, f"{world.city}{rest}").json()


def changed(row, **facts):
    type(row).objects.filter(pk=row.pk).update(**facts)


# --- Decrees ----------------------------------------------------------------------------------


def test_decrees_tell_until_when_they_hold_and_which_one_replaced_the_others(world):
    city = world.assessment.city
    changed(
        world.decree,
        signatory="Wali Kota",
        valid_to=date(2030, 1, 1),
        document=world.evidence.document_id,
    )
    present = DecreeFactory(city=city, valid_from=date(2026, 1, 1), signed_on=date(2025, 12, 9))
    coming = DecreeFactory(city=city, valid_from=date(2026, 6, 1))
    ended = DecreeFactory(city=city, valid_from=date(2020, 1, 1), valid_to=date(2022, 12, 31))
    DecreeFactory(city=world.people["stranger"].memberships.get().city)

    def line(one, state, valid_from, **facts):
        return {
            "id": one.pk,
            "number": one.number,
            "state": state,
            "signed_on": "2023-01-05",
            "valid_from": valid_from,
            "valid_to": None,
            "signatory": "",
            "document": None,
        } | facts

    assert told(world, "decrees/")["items"] == [
        line(
            world.decree,
            "replaced",
            "2023-01-09",
            valid_to="2030-01-01",
            signatory="Wali Kota",
            document=str(world.evidence.document_id),
        ),
        line(present, "in_force", "2026-01-01", signed_on="2025-12-09"),
        line(coming, "not_yet", "2026-06-01"),
        line(ended, "expired", "2020-01-01", valid_to="2022-12-31"),
    ]


def test_a_decree_tells_who_is_in_it_today_who_is_trained_and_what_it_lacks(world, today):
    decree = world.decree
    [plain] = decree.members.all()
    chair = TaskForceMemberFactory(
        decree=decree, post="Sekretaris Daerah", name="", role=TaskForceRole.CHAIR,
        field=Field.HEALTH, element=Element.LEGISLATIVE,
    )  # fmt: skip
    lapsed = TaskForceMemberFactory(decree=decree)
    former = TaskForceMemberFactory(decree=decree, until=date(2025, 6, 30))
    TaskForceMemberFactory(decree=decree, since=date(2026, 6, 1))  # not yet
    elsewhere = TaskForceMemberFactory(decree=DecreeFactory(city=world.assessment.city))
    for seat in (plain, elsewhere):
        CertificateFactory(member=seat)
    CertificateFactory(member=chair, valid_to=today)
    CertificateFactory(member=lapsed, valid_to=date(2026, 5, 3))

    answer = told(world, f"decrees/{decree.pk}/")

    def seat(one, **facts):
        return {
            "post": one.post,
            "institution": "Dinas Sosial",
            "name": one.name,
            "element": "government",
            "role": "member",
            "field": None,
            "trained": True,
            "trained_to": None,
            "expired_on": None,
        } | facts

    [listed] = [one for one in told(world, "decrees/")["items"] if one["id"] == decree.pk]
    assert answer == {
        "decree": listed,
        "trained": 2,
        "lacks": composition_faults(decree, [plain, chair, lapsed], day=today),
        "members": [
            seat(plain),
            seat(
                chair, element="legislative", role="chair", field="cluster_3",
                trained_to="2026-05-04",
            ),
            seat(lapsed, trained=False, expired_on="2026-05-03"),
        ],
        "former": [
            {
                "post": former.post,
                "institution": "Dinas Sosial",
                "name": former.name,
                "since": "2023-01-09",
                "until": "2025-06-30",
            }
        ],
    }  # fmt: skip
    assert answer["lacks"] != []


# --- Commitments ------------------------------------------------------------------------------


def test_a_commitment_tells_who_promised_what_until_when_and_what_came_of_it(world):
    city = world.assessment.city
    [first] = city.commitments.all()
    changed(first, due_on=date(2026, 5, 3))
    kept = CommitmentFactory(
        city=city, sector=Sector.MAYOR, party="Wali Kota", signatory="Wali Kota", due_on=None,
        occasion="Rakor", state=CommitmentState.KEPT, outcome="Sudah berdiri",
        document=world.evidence.document,
    )  # fmt: skip
    CommitmentFactory(city=world.people["stranger"].memberships.get().city)

    assert told(world, "commitments/")["items"] == [
        {
            "id": first.pk,
            "sector": "business",
            "party": "Asosiasi Perusahaan",
            "signatory": "",
            "text": first.text,
            "made_on": "2026-01-05",
            "occasion": "",
            "due_on": "2026-05-03",
            "state": "running",
            "is_late": True,
            "outcome": "",
            "document": None,
        },
        {
            "id": kept.pk,
            "sector": "mayor",
            "party": "Wali Kota",
            "signatory": "Wali Kota",
            "text": kept.text,
            "made_on": "2026-01-05",
            "occasion": "Rakor",
            "due_on": None,
            "state": "kept",
            "is_late": False,
            "outcome": "Sudah berdiri",
            "document": str(world.evidence.document_id),
        },
    ]
