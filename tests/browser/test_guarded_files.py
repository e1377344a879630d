"""What a person sees of quotas, of the scanner and of a change of address, in a real browser."""

import re
import tempfile

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import SupportingDocument, Upload
from cities.models import User
from cities.services.email_changes import send_email_changes
from tests.assessments.clamd_server import clamd
from tests.assessments.situations import checked, hand_in
from tests.browser.papers import paper, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "baru@kota.example"


def test_a_limit_is_told_before_and_a_refusal_stands_at_the_file(
    question_page, answer, staff, settings, complaints
):
    settings.KLA_PERSON_HOURLY_FILES = 5
    page = question_page
    for number in range(4):
        papers = [checked(f"surat {number}".encode(), f"{number}.pdf")]
        hand_in(answer, by=staff, files=papers, at=timezone.now())

    page.reload()
    expect(page.get_by_text("Anda mengunggah 4 dari 5 berkas")).to_be_visible()
    settings.KLA_PERSON_HOURLY_FILES = 4  # a colleague at the same desk was faster
    upload(page, paper())

    expect(
        page.get_by_text("jadi berkas ini belum disimpan. Unggah lagi mulai").first
    ).to_be_visible()
    assert (SupportingDocument.objects.count(), Upload.objects.count()) == (4, 0)
    assert {line.partition(" ")[0] for line in complaints.taken()} == {"429"}


def test_a_file_is_seen_to_wait_and_opens_when_it_is_clean(question_page, answer, settings):
    page = question_page
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        settings.CLAMAV_SOCKET = f"{folder}/clamd.ctl"
        upload(page, paper())
        expect(page.get_by_text("Berkas ini menunggu pemindaian virus.")).to_be_visible()
        expect(page.locator(".badge-state", has_text="Menunggu pemindaian")).to_be_visible()

        with clamd(settings.CLAMAV_SOCKET):
            call_command("scan_documents")
        page.reload()

    expect(page.get_by_text("Berkas ini menunggu pemindaian virus.")).to_have_count(0)
    expect(page.locator(".badge-state", has_text="Menunggu pemindaian")).to_have_count(0)


def test_a_person_changes_their_address_by_the_letter(staff, sign_in):
    page = sign_in(staff)
    page.locator(".user-menu summary").click()
    page.get_by_role("link", name="Alamat e-mail").click()
    page.get_by_label("E-mail baru").fill(NEW)
    page.get_by_role("button", name="Kirim tautan").click()
    expect(page.get_by_text(f"Permintaan memakai {NEW}")).to_be_visible()

    send_email_changes(now=timezone.now)
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    page.goto(re.search(r"https?://[^/]+(/akun/email/\S+)", letters[NEW])[1])
    assert User.objects.get(pk=staff.pk).email == staff.email
    page.get_by_role("button", name="Pakai alamat ini").click()

    expect(page.get_by_text(f"Mulai sekarang Anda masuk dengan {NEW}.")).to_be_visible()
    assert User.objects.get(pk=staff.pk).email == NEW
