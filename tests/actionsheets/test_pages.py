"""Tables of the RAD on their pages: in by way of the preview."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionplan.models import Action, ActionYear
from imports.models import StagedImport
from monitoring.models import Realisation
from nomenclature.models import NomenclatureCode
from tests.actionplan.test_pages import page, text
from tests.actionsheets.test_sheets import CODES_HEADER, HEADER, LINE, QUARTERS
from tests.factories.actionplan import ActionPlanFactory
from tests.factories.nomenclature import NomenclatureCodeFactory, NomenclatureFactory
from tests.workbooks.books import book


@pytest.fixture
def coordinator(client, secretary):
    client.force_login(secretary)
    return client


def sheet(rows, name="rad.xlsx"):
    return {"file": SimpleUploadedFile(name, book(rows))}


def review(plan):
    staged = StagedImport.objects.get()
    return reverse("actionplan:sheet_review", args=[plan.city.slug, staged.pk])


def test_a_table_is_looked_at_and_taken(coordinator, plan):
    answer = coordinator.post(page(plan, "sheet_upload"), sheet([HEADER, LINE]), follow=True)
    assert [line.name for line in answer.context["groups"]["new"]] == ["1 · 2026 · Latih anggota"]

    done = coordinator.post(review(plan), {"seen": answer.context["seen"]}, follow=True)

    assert "1 baris ditambahkan, 0 diperbarui." in text(done)
    assert ActionYear.objects.get().ceiling == 1_250_000_001


def test_a_preview_that_moved_is_shown_again_with_the_reason(coordinator, plan):
    coordinator.post(page(plan, "sheet_upload"), sheet([HEADER, LINE]))

    answer = coordinator.post(review(plan), {"seen": "lama"})

    assert "Isi situs berubah sejak pratinjau ini dibuat" in text(answer)
    assert not Action.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"%PDF-1.7", b"\x00\x01"])
def test_what_is_no_table_is_refused_on_the_form(coordinator, plan, content):
    answer = coordinator.post(
        page(plan, "sheet_upload"), {"file": SimpleUploadedFile("rad.xlsx", content)}
    )

    assert answer.status_code == 200
    assert "bukan tabel" in text(answer)
    assert not StagedImport.objects.exists()


def test_a_preview_names_what_became_of_a_code(coordinator, plan):
    old = NomenclatureFactory(city=plan.city, valid_from="2020-01-01")
    for code in ("2.08.01", "2.08.02", "2.08.03"):
        NomenclatureCodeFactory(nomenclature=old, code=code)
    new = NomenclatureFactory(city=plan.city, valid_from="2025-09-01", decree="Kepmendagri 2850")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.03")
    NomenclatureCodeFactory(nomenclature=new, code="2.08.09", name="Koordinasi", previous="2.08.02")
    codes = ("2.08.01", "2.08.02", "2.08.03")
    lines = [[n, *LINE[1:], code] for n, code in enumerate(codes, 1)]

    answer = coordinator.post(
        page(plan, "sheet_upload"), sheet([[*HEADER, "Kode"], *lines]), follow=True
    )

    assert [line.note for line in answer.context["groups"]["new"]] == [
        "2.08.01: Dihapus oleh Kepmendagri 2850.",
        "2.08.02: Diganti oleh Kepmendagri 2850: 2.08.09 Koordinasi.",
        "",
    ]
    assert "Diganti oleh Kepmendagri 2850: 2.08.09 Koordinasi." in text(answer)


def test_an_opd_sends_its_quarter_and_a_coordinator_a_decree(
    client, action_year, dinkes, secretary
):
    plan = action_year.action.plan
    client.force_login(dinkes.user)
    lines = sheet([QUARTERS, [1, 2026, 1, 10, 100, None]])
    shown = client.post(page(plan, "realisation_upload"), lines, follow=True)
    done = client.post(review(plan), {"seen": shown.context["seen"]}, follow=True)
    assert "1 baris ditambahkan" in text(done)
    assert Realisation.objects.get().money == 100

    client.force_login(secretary)
    decree = {"decree": "  Kepmendagri   2850 ", "valid_from": "1-9-2025"}
    upload = reverse("actionplan:nomenclature", args=[plan.city.slug])
    codes = sheet([CODES_HEADER, ["2.08.09", "Koordinasi", "2.08.02"]])
    shown = client.post(upload, codes | decree, follow=True)
    assert "Menggantikan 2.08.02." in text(shown)
    client.post(review(plan), {"seen": shown.context["seen"]})

    stored = NomenclatureCode.objects.select_related("nomenclature").get()
    assert (stored.code, stored.nomenclature.decree) == ("2.08.09", "Kepmendagri 2850")


def test_a_table_of_another_plan_or_person_is_not_there(client, coordinator, plan, dinkes):
    coordinator.post(page(plan, "sheet_upload"), sheet([HEADER, LINE]))
    address = review(plan)
    client.force_login(dinkes.user)
    assert client.get(address).status_code == 404
    assert "Unggah lembarnya lagi." in text(client.get(address))

    other = ActionPlanFactory(city=plan.city, instrument=plan.instrument)
    answer = client.post(page(other, "sheet_upload"), sheet([HEADER, LINE]))
    assert answer.status_code == 403
    assert not Action.objects.exists()
