"""Two instruments, five questions each, and a mapping between them."""

from dataclasses import replace
from decimal import Decimal

from clusters.mappings import groups_of
from clusters.models import Question
from clusters.services.mappings import Wanted, suggest_mapping
from clusters.spec import QuestionSpec
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

OLD = {
    "A": "Gugus tugas terbentuk",
    "B": "Persentase anak berakta kelahiran",
    "C": "Jumlah pojok ASI",
    "D": "Angka kematian bayi",
    "E": "Dana bantuan keluarga miskin",
}
NEW = {
    "1": "Gugus tugas terbentuk",  # the same as A
    "2": "Anak berakta kelahiran, dua tahun",  # B reworded
    "3": "Pojok ASI di kantor",  # C split
    "4": "Pojok ASI di tempat umum",
    "5": "Forum Anak dilibatkan",  # new; D and E are gone
}


def instrument_of(texts, code, **fields):
    spec = small_spec(code=code)
    cluster = spec.clusters[0]
    rows = tuple(
        QuestionSpec(code=key, text=text, max_points=Decimal(10), answer_type="choice")
        for key, text in texts.items()
    )
    indicator = replace(cluster.indicators[0], questions=rows)
    clusters = (replace(cluster, indicators=(indicator,)),)
    return make_instrument(replace(spec, clusters=clusters, title=f"Instrumen {code}", **fields))


def mapping_of_two(old=None, new=None):
    """A fresh suggestion from the OLD questions to the NEW ones."""
    before = instrument_of(old or OLD, "lama-2020")
    after = instrument_of(new or NEW, "baru-2024")
    return suggest_mapping(before=before, after=after, by=SiteAdminFactory(), at=PUBLISHED_AT)


def shape(mapping):
    """The mapping as text: kind, earlier codes, later codes, and a tick where it is confirmed."""
    return [
        (
            group.kind.value,
            "".join(question.code for question in group.before),
            "".join(question.code for question in group.after),
            group.is_confirmed,
        )
        for group in groups_of(mapping)
    ]


def line_of(mapping, code):
    """Any line of the question with that code."""
    for group in groups_of(mapping):
        if code in {question.code for question in (*group.before, *group.after)}:
            return group.pk
    raise LookupError(code)


def wanted(mapping, kind, before="", after=""):
    return Wanted(
        kind,
        [Question.objects.of_instrument(mapping.before).get(code=code) for code in before],
        [Question.objects.of_instrument(mapping.after).get(code=code) for code in after],
    )
