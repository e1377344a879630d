"""The names by which messages call the parts of an instrument."""

from decimal import Decimal

from django.utils.translation import gettext as _

from clusters.spec import ClusterSpec, plain_number


def instrument() -> str:
    return _("instrumen")


def cluster(spec: ClusterSpec) -> str:
    return spec.label or _("klaster %(code)s") % {"code": spec.code}


def indicator(code: str) -> str:
    return _("indikator %(code)s") % {"code": code}


def question(code: str) -> str:
    return _("pertanyaan %(code)s") % {"code": code}


def band(predikat: str) -> str:
    return _("predikat %(predikat)s") % {"predikat": predikat}


def stage(code: str) -> str:
    return _("tahap %(code)s") % {"code": code}


def agency(code: str) -> str:
    return _("perangkat daerah %(code)s") % {"code": code}


def evidence_kind(code: str) -> str:
    return _("jenis dokumen %(code)s") % {"code": code}


def number(value: Decimal) -> str:
    """A number as people write it: 12,5."""
    return plain_number(value).replace(".", ",")
