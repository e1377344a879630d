"""Declarations and decrees of units: recorded with their files, put right, counted on a day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.models import SupportingDocument
from cities.models import CityActivity, CityTrailEvent
from cities.roles import Role
from territories.choices import DeclarationKind
from territories.models import Declaration, DeclarationFile
from territories.services.declarations import (
    MOST_FILES,
    DeclarationFacts,
    change_declaration,
    record_declaration,
    remove_declaration,
    remove_declaration_file,
)
from tests.assessments.situations import (
    NOW,
    checked,
    refused,
    secretary_of,
    staff_of,
    stored_files,
    working_year,
)
from tests.at_once import at_once
from tests.factories.assessments import EvidenceFactory, answer_of
from tests.factories.cities import MembershipFactory
from tests.factories.territories import (
    DeclarationFactory,
    DeclarationFileFactory,
    UnitFactory,
    UnitSeatFactory,
)

pytestmark = pytest.mark.django_db

CEREMONY = DeclarationFacts(
    DeclarationKind.DECLARED, date(2024, 7, 23), place="Lapangan", signatories="Lurah Contoh"
)
DECREE = DeclarationFacts(DeclarationKind.DECREED, date(2024, 8, 1), number="400.2/17/2024")


@pytest.fixture
def year():
    """It evaluates until the end of 2025."""
    return working_year()


@pytest.fixture
def city(year):
    return year.city


@pytest.fixture
def unit(city):
    return UnitFactory(city=city)


@pytest.fixture
def lurah(unit):
    return UnitSeatFactory(unit=unit).membership.user


def pdf(text=b"naskah"):
    return checked(b"%PDF-1.4 " + text, "naskah.pdf")


def told():
    rows = CityActivity.objects.filter(deed=CityTrailEvent.UNIT_DECLARED).order_by("pk")
    return [(row.before, row.after) for row in rows]


def address(name, unit, *args):
    return reverse(f"territories:{name}", args=[unit.city.slug, 2026, unit.code, *args])


def test_a_unit_records_its_own_ceremony_with_paper_and_photo(unit, lurah):
    files = [pdf(), checked(b"foto", "foto.jpg", "image/jpeg")]

    one = record_declaration(unit_id=unit.pk, facts=CEREMONY, files=files, by=lurah, at=NOW)

    assert (one.kind, one.on, one.place) == ("declared", date(2024, 7, 23), "Lapangan")
    assert [row.document.title for row in one.files.select_related("document")] == [
        f"Pencanangan, {unit.name}"
    ] * 2
    assert told() == [
        (
            {},
            {
                "kind": "pencanangan",
                "on": "23 Juli 2024",
                "place": "Lapangan",
                "signatories": "Lurah Contoh",
                "files": "2",
            },
        )
    ]


def test_a_kecamatan_records_for_its_kelurahan_and_for_no_other(unit):
    camat = UnitSeatFactory(unit=unit.parent).membership.user
    other = UnitFactory(city=unit.city)

    record_declaration(unit_id=unit.pk, facts=CEREMONY, by=camat, at=NOW)
    with pytest.raises(PermissionDenied):
        record_declaration(unit_id=other.pk, facts=CEREMONY, by=camat, at=NOW)

    assert [row.unit for row in Declaration.objects.all()] == [unit]


@pytest.mark.parametrize("role", ["opd", Role.VERIFIKATOR, Role.PIMPINAN, Role.PENDAMPING])
def test_nobody_else_writes_about_a_unit(year, unit, role):
    agency = role == "opd"
    person = (
        staff_of(year, "DISDIK").user
        if agency
        else MembershipFactory(city=unit.city, role=role).user
    )

    with pytest.raises(PermissionDenied):
        record_declaration(unit_id=unit.pk, facts=CEREMONY, by=person, at=NOW)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (DeclarationFacts(DeclarationKind.DECREED, date(2024, 8, 1), number="  "), None),
        (DeclarationFacts(DeclarationKind.DECLARED, NOW.date() + timedelta(days=2)), "too_late"),
        (DeclarationFacts(DeclarationKind.DECLARED, date(2019, 12, 31)), "too_early"),
        (
            DeclarationFacts(
                DeclarationKind.DECLARED, date(2024, 1, 1), signatories="Ani 3275014107110002"
            ),
            "nik",
        ),
    ],
    ids=["decree without a number", "a day to come", "before the unit", "a NIK"],
)
def test_what_cannot_be_is_refused_and_stores_nothing(unit, lurah, facts, code):
    unit.active_from = date(2020, 1, 1)
    unit.save()

    with pytest.raises(ValidationError) as refusal:
        record_declaration(unit_id=unit.pk, facts=facts, files=[pdf()], by=lurah, at=NOW)

    assert getattr(refusal.value, "code", None) == code
    assert not Declaration.objects.exists()
    assert stored_files() == []
    assert told() == []


def test_the_same_decree_is_recorded_once(unit, lurah):
    record_declaration(unit_id=unit.pk, facts=DECREE, by=lurah, at=NOW)

    with pytest.raises(ValidationError, match="sudah tercatat"):
        record_declaration(unit_id=unit.pk, facts=DECREE, by=lurah, at=NOW)

    assert Declaration.objects.count() == 1


def test_a_declaration_is_put_right_and_gets_more_files(unit, lurah):
    one = DeclarationFactory(unit=unit, by=lurah)
    DeclarationFileFactory(declaration=one)

    change_declaration(declaration_id=one.pk, facts=DECREE, files=[pdf(b"lain")], by=lurah, at=NOW)

    one.refresh_from_db()
    assert (one.kind, one.number, one.on) == ("decreed", "400.2/17/2024", date(2024, 8, 1))
    [(before, after)] = told()
    assert (before["files"], after["files"]) == ("1", "2")


def test_a_change_that_changes_nothing_leaves_no_trace(unit, lurah):
    one = record_declaration(unit_id=unit.pk, facts=DECREE, by=lurah, at=NOW)

    change_declaration(declaration_id=one.pk, facts=DECREE, by=lurah, at=NOW)

    assert len(told()) == 1


def test_there_is_a_most_to_the_files_of_one_declaration(unit, lurah):
    one = DeclarationFactory(unit=unit)
    DeclarationFileFactory.create_batch(MOST_FILES, declaration=one)

    with refused("too_many"):
        change_declaration(declaration_id=one.pk, facts=CEREMONY, files=[pdf()], by=lurah, at=NOW)

    one.refresh_from_db()
    assert (one.files.count(), one.place) == (MOST_FILES, "")


def test_a_declaration_goes_with_its_files_but_not_with_what_proves_an_answer(year, unit, lurah):
    one = record_declaration(
        unit_id=unit.pk, facts=CEREMONY, files=[pdf(), pdf(b"lain")], by=lurah, at=NOW
    )
    [first, second] = SupportingDocument.objects.order_by("pk")
    EvidenceFactory(document=second, answer=answer_of(year, "1.2"))

    remove_declaration(declaration_id=one.pk, by=lurah, at=NOW)

    assert not DeclarationFile.objects.exists()
    assert list(SupportingDocument.objects.filter(pk__in=[first.pk, second.pk])) == [second]


def test_one_file_is_taken_out(unit, lurah):
    one = record_declaration(
        unit_id=unit.pk, facts=CEREMONY, files=[pdf(), pdf(b"lain")], by=lurah, at=NOW
    )
    kept, gone = one.files.order_by("pk")

    remove_declaration_file(file_id=gone.pk, by=lurah, at=NOW)

    assert list(one.files.all()) == [kept]
    assert told()[-1][1]["files"] == "1"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_the_same_decree_at_once_one_is_refused(unit, lurah):
    def write():
        try:
            record_declaration(unit_id=unit.pk, facts=DECREE, by=lurah, at=NOW)
        except ValidationError as refusal:
            return refusal.messages
        return "recorded"

    outcomes = at_once(write, write)

    assert sorted(outcomes, key=str) == [
        ["Pencanangan atau keputusan itu sudah tercatat."],
        "recorded",
    ]
    assert Declaration.objects.count() == 1


# --- Pages -----------------------------------------------------------------------------------


def test_a_lurah_records_on_the_page_and_finds_it_in_its_history(client, unit, lurah):
    client.force_login(lurah)
    sent = {"kind": "declared", "on": "23-07-2024", "place": "Lapangan", "signatories": ""}

    answer = client.post(address("declaration_create", unit), sent)

    assert answer.url == address("unit_history", unit)
    page = client.get(answer.url)
    assert [str(one) for one in page.context["declarations"]] == ["Pencanangan"]
    assert "23 Juli 2024, Lapangan." in " ".join(page.text.split())


def test_a_decree_without_a_number_is_asked_for_it_and_keeps_the_rest(client, unit, lurah):
    client.force_login(lurah)

    page = client.post(
        address("declaration_create", unit), {"kind": "decreed", "on": "1-8-2024", "place": "Aula"}
    )

    assert page.context["form"].errors == {"number": ["Isi nomor keputusannya."]}
    assert 'value="Aula"' in page.text
    assert not Declaration.objects.exists()


def test_a_page_that_was_refused_by_the_service_says_why(client, unit, lurah):
    DeclarationFactory(unit=unit, on=date(2024, 7, 23))
    client.force_login(lurah)

    page = client.post(
        address("declaration_create", unit), {"kind": "declared", "on": "23-07-2024"}
    )

    assert page.context["form"].non_field_errors() == [
        "Pencanangan atau keputusan itu sudah tercatat."
    ]


def test_changing_and_removing_on_the_pages(client, unit, lurah):
    client.force_login(lurah)
    one = DeclarationFactory(unit=unit)
    file = DeclarationFileFactory(declaration=one)

    page = client.get(address("declaration_edit", unit, one.pk))
    assert page.context["form"].initial["on"] == one.on
    client.post(address("declaration_edit", unit, one.pk), {"kind": "declared", "on": "2-1-2024"})
    one.refresh_from_db()
    assert one.on == date(2024, 1, 2)
    client.post(address("declaration_file_remove", unit, one.pk, file.pk))
    assert not one.files.exists()
    client.post(address("declaration_remove", unit, one.pk))
    assert not Declaration.objects.exists()


def test_a_declaration_of_another_unit_is_not_found_below_this_one(client, unit, lurah):
    client.force_login(lurah)
    foreign = DeclarationFileFactory(declaration__unit=UnitFactory(city=unit.city))
    one = foreign.declaration

    answers = [
        client.get(address("declaration_edit", unit, one.pk)),
        client.post(address("declaration_remove", unit, one.pk)),
        client.post(address("declaration_file_remove", unit, one.pk, foreign.pk)),
        client.get(address("declaration_file", unit, foreign.document_id)),
        client.get(address("declaration_edit", one.unit, one.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert DeclarationFile.objects.get() == foreign


def test_the_list_counts_until_the_reference_date_and_finds_who_lacks_what(client, year, city):
    client.force_login(secretary_of(year))
    kecamatan = UnitFactory(city=city, kecamatan=True, name="Kecamatan")
    none = UnitFactory(city=city, parent=kecamatan, name="Tanpa")
    early = UnitFactory(city=city, parent=kecamatan, name="Dicanangkan")
    DeclarationFactory(unit=early, on=date(2025, 12, 31))
    decreed = UnitFactory(city=city, parent=kecamatan, name="Ditetapkan")
    DeclarationFactory(unit=decreed, on=date(2025, 12, 31), decree=True)
    late = UnitFactory(city=city, parent=kecamatan, name="Terlambat")
    DeclarationFactory(unit=late, on=date(2026, 1, 1), decree=True)
    DeclarationFactory()  # in another city
    list_url = reverse("territories:declaration_list", args=[city.slug, 2026])

    def names(query):
        return [row.unit for row in client.get(f"{list_url}?{query}").context["page_obj"]]

    page = client.get(list_url)
    counted = [page.context[name] for name in ("total", "declared", "decreed")]
    assert counted == [5, 2, 1]
    assert names("") == [kecamatan, none, early, decreed, late]
    assert names("keadaan=belum") == [kecamatan, none, late]
    assert names("keadaan=tanpa-sk") == [kecamatan, none, early, late]
