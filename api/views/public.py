"""What a city has released to everybody, and what the public wrote to it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from api.answers.public import (
    PassedMessage,
    PublicMessageEntry,
    ReleasedDocumentEntry,
    ReleasedYear,
)
from api.endpoints import Call, Endpoint, resource
from api.paging import Page, page_of
from api.queries import public as told
from assessments.views.lookups import get_assessment_or_404
from cities.roles import Permission
from public.models import ReleasedDocument


def _releases(call: Call) -> list[ReleasedYear]:
    return told.released_years(call.member.city)


def _documents(call: Call, year: int) -> Page[ReleasedDocumentEntry]:
    assessment = get_assessment_or_404(call.member, year)

    def shown(found: Sequence[ReleasedDocument]) -> list[ReleasedDocumentEntry]:
        return told.released_document_entries(found, assessment)

    return page_of(call.request, told.released_documents_of(assessment), key="pk", shown=shown)


def _messages(call: Call) -> Page[PublicMessageEntry]:
    rows = told.messages_of(call.member)
    return page_of(call.request, rows, key="pk", shown=told.message_entries)


def _passed(call: Call) -> Page[PassedMessage]:
    rows = told.messages_of(call.member)
    return page_of(call.request, rows, key="pk", shown=told.passed_entries)


releases = resource(
    get=Endpoint(
        _releases,
        _("Tahun yang diajukan dengan bagian halaman publik yang dirilis"),
        permission=Permission.RELEASE_PUBLIC,
        returns=ReleasedYear,
        is_list=True,
    )
)
documents = resource(
    get=Endpoint(
        _documents,
        _("Dokumen satu tahun yang dirilis"),
        permission=Permission.RELEASE_PUBLIC,
        returns=ReleasedDocumentEntry,
        is_page=True,
    )
)
messages = resource(
    get=Endpoint(
        _messages,
        _("Pesan warga dengan keadaannya"),
        permission=Permission.READ_PUBLIC_MESSAGES,
        returns=PublicMessageEntry,
        is_page=True,
    )
)
passed = resource(
    get=Endpoint(
        _passed,
        _("Pesan warga yang diteruskan kepada Forum Anak"),
        permission=Permission.READ_PASSED_MESSAGES,
        returns=PassedMessage,
        is_page=True,
    )
)
