"""A year with something in every part of its public page, and its release."""

import hashlib
from decimal import Decimal

from django.core.files.base import ContentFile

from actionplan.models import Action
from assessments.filetypes.kinds import KINDS
from childdata.tables import Cell
from cities.models import Membership
from kla.demo.documents import make_pdf
from public.queries.contents import draft_of, frozen_year
from public.sections import Section
from public.services.documents import release_document
from public.services.releases import release_section
from tests.assessments.situations import admin_of, claim, later
from tests.factories.actionplan import ActionFactory, ActionPlanFactory, ActionYearFactory
from tests.factories.assessments import (
    AwardFactory,
    EvidenceFactory,
    SupportingDocumentFactory,
    granted,
)
from tests.factories.childdata import ObservationFactory
from tests.factories.facilities import CredentialFactory, FacilityFactory
from tests.factories.monitoring import RealisationFactory
from tests.factories.taskforce import CommitmentFactory
from tests.factories.territories import UnitFactory

MEDIA_TYPES = {kind.extension: kind.media_type for kind in KINDS}
SMALL = {Cell("L"): 3, Cell("P"): 40}


def fill(year):
    """What the registers know by the submission; nothing of it names a person."""
    city = year.city
    AwardFactory(city=city, year=year.year, predikat="Madya", points=Decimal(610), source="SK")
    plan = ActionPlanFactory(city=city, instrument=year.instrument)
    action = ActionFactory(plan=plan, number=1, measure="Anggota terlatih", unit="orang")
    RealisationFactory(action_year=ActionYearFactory(action=action, year=2025))
    ObservationFactory(city=city, year=2024)
    ObservationFactory(city=city, year=2025)
    ObservationFactory(city=city, variable="perkawinan", year=2025, counts=SMALL)
    unit = UnitFactory(city=city, name="Mekar", parent__name="Utara")
    FacilityFactory(city=city, school=True, name="SD Negeri 1", unit=unit)
    certified = FacilityFactory(city=city, name="Puskesmas Utara")
    CredentialFactory(facility=certified)
    CommitmentFactory(city=city, text="Menyediakan ruang laktasi")


def publisher_of(year):
    """The membership of somebody who may release."""
    user = admin_of(year)
    return Membership.objects.select_related("user", "city").get(user=user)


def draft(year, section, member=None):
    return draft_of(section, frozen_year(member or publisher_of(year), year))


def release(year, *sections, by=None):
    """The parts, all of them unless told, as somebody who has looked at each."""
    member = by or publisher_of(year)
    return [
        release_section(
            assessment=year,
            section=section,
            seen=draft(year, section, member).checksum,
            by=member.user,
            at=later(),
        )
        for section in sections or Section
    ]


def paper(answer, content, *, name="surat.pdf", kind=None, is_proof=True, **fields):
    """A document of the year with this content; as proof it is accepted, and its question proven."""
    if answer.claimed_points is None:
        claim(answer, "10")
    answer.refresh_from_db()
    granted(answer, "10")
    told = {
        "title": "Perda Kota Layak Anak",
        "original_name": name,
        "media_type": MEDIA_TYPES[name.rpartition(".")[2]],
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "file": ContentFile(content, "berkas"),
    }
    document = SupportingDocumentFactory(city=answer.assessment.city, **told | fields)
    of = {"kind": kind} if kind else {}
    EvidenceFactory(answer=answer, document=document, accepted=is_proof, **of)
    return document


def plain_pdf(*lines):
    """A page whose whole text a machine reads."""
    return make_pdf(title="Perda", lines=list(lines or ["Kota ini layak bagi anak."]))


def let_out(year, document, *, by=None, title="Perda KLA", is_read=True, at=None):
    """The document to everybody, as somebody who may release."""
    member = by or publisher_of(year)
    return release_document(
        assessment=year,
        document=document,
        title=title,
        is_read=is_read,
        by=member.user,
        at=at or later(),
    )


def change_everything(year):
    """What a city goes on doing after it has released."""
    city = year.city
    city.awards.update(predikat="Utama")
    city.facilities.update(name="Berganti nama")
    city.commitments.update(text="Berganti janji")
    Action.objects.filter(plan__city=city).update(name="Berganti aksi")
    ObservationFactory(city=city, variable="akta", year=2025)
    city.name = "Kota Berganti"
    city.save()
