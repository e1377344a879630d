"""Why a document goes back: a usual reason, a sentence of one's own, or both."""

import pytest
from django.urls import reverse

from assessments.choices import UsualReason, Verdict
from assessments.forms.review import ReviewForm
from tests.factories.assessments import EvidenceFactory

PHOTO = "Foto tidak jelas, atau tidak menunjukkan tanggal dan keterangan kegiatan."


def send_back(client, year, evidence, **said):
    address = reverse("assessments:evidence_review", args=[year.city.slug, year.year, evidence.pk])
    return client.post(address, {"verdict": "returned", **said})


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"reason": "Halaman 3 buram."}, "Halaman 3 buram."),
        ({"usual_reason": "photo"}, PHOTO),
        ({"usual_reason": "photo", "reason": "Lihat foto 2."}, f"{PHOTO} Lihat foto 2."),
        ({"usual_reason": "photo", "reason": "   "}, PHOTO),
    ],
)
def test_the_opd_reads_the_usual_reason_and_what_was_added_to_it(
    client, year, answer, reviewer, said, stored
):
    evidence = EvidenceFactory(answer=answer)
    client.force_login(reviewer.user)

    send_back(client, year, evidence, **said)

    evidence.refresh_from_db()
    assert (evidence.verdict, evidence.reason) == (Verdict.RETURNED, stored)


@pytest.mark.parametrize("said", [{}, {"reason": "  "}, {"usual_reason": ""}])
def test_nothing_is_returned_without_any_reason(client, year, answer, reviewer, said):
    evidence = EvidenceFactory(answer=answer)
    client.force_login(reviewer.user)

    page = send_back(client, year, evidence, **said)

    evidence.refresh_from_db()
    assert evidence.verdict == Verdict.WAITING
    assert page.context["form"].errors["reason"] == [
        "Pilih atau tuliskan alasan agar OPD tahu apa yang harus diperbaiki."
    ]


def test_a_reason_that_is_not_on_the_list_is_refused(answer):
    form = ReviewForm({"verdict": "returned", "usual_reason": "malas"}, answer=answer)

    assert list(form.errors) == ["usual_reason", "reason"]


def test_what_staff_lose_points_for_is_on_the_list(answer):
    form = ReviewForm(answer=answer)

    assert [code for code, _label in form.fields["usual_reason"].choices] == [
        "",
        "unsigned",
        "photo",
        "period",
        "no_decree",
        "figures",
        "other_question",
        "pages",
        "same_photo",
    ]
    assert all(str(label).endswith(".") for label in UsualReason.labels)


def test_an_acceptance_keeps_no_reason(client, year, answer, reviewer):
    evidence = EvidenceFactory(answer=answer)
    client.force_login(reviewer.user)

    send_back(client, year, evidence, verdict="accepted", granted_points="5", usual_reason="photo")

    evidence.refresh_from_db()
    assert (evidence.verdict, evidence.reason) == (Verdict.ACCEPTED, "")
