"""Mappings that cannot be: of which instruments, after whose change, from which file."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.urls import reverse

from clusters.choices import MatchKind
from clusters.forms.mappings import MatchFilterForm
from clusters.mapping_files import GroupSpec, MappingError, MappingSpec, read, uncovered, write
from clusters.mappings import followed, groups_of, ways
from clusters.models import Cluster, Instrument, Question
from clusters.services.life import create_draft, retire_instrument
from clusters.services.mappings import (
    confirm_all_same,
    confirm_matches,
    delete_mapping,
    load_mapping,
    set_match,
    suggest_mapping,
    unconfirm_match,
)
from tests.clusters.situations import (
    NEW,
    OLD,
    instrument_of,
    line_of,
    mapping_of_two,
    shape,
    wanted,
)
from tests.clusters.unchanged import nothing_changes, refusal
from tests.factories.cities import SiteAdminFactory
from tests.factories.clusters import PUBLISHED_AT, make_instrument, small_spec

LATER = PUBLISHED_AT + timedelta(days=1)
STALE = "Orang lain sudah mengubah pasangan ini. Periksa isinya yang terbaru, lalu ulangi."


@pytest.fixture
def admin(db):
    return SiteAdminFactory(name="Rina")


@pytest.fixture
def mapping(db):
    return mapping_of_two()


@pytest.fixture
def pages(client, admin):
    client.force_login(admin)
    return client


def empty_instrument(code):
    """Published with clusters and no question in them, as no reader of files would let pass."""
    spec = small_spec(code)
    rows = tuple(replace(row, questions=()) for row in spec.clusters[0].indicators)
    return make_instrument(replace(spec, clusters=(replace(spec.clusters[0], indicators=rows),)))


def url(name, mapping, *args):
    return reverse(f"clusters:{name}", args=[mapping.pk, *args])


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- Which instruments --------------------------------------------------------------------------


def test_a_draft_on_either_side_is_named(admin):
    published = make_instrument()
    draft = create_draft(spec=replace(small_spec("r-1"), title="R"), by=admin, at=LATER)
    told = ("draft", "“R” masih rancangan. Terbitkan dahulu, lalu petakan.")

    for before, after in ((draft, published), (published, draft), (draft, draft)):
        assert refusal(suggest_mapping, before=before, after=after, by=admin, at=LATER) == told


def test_an_instrument_and_itself_are_no_pair(admin):
    one = make_instrument()

    assert refusal(suggest_mapping, before=one, after=one, by=admin, at=LATER) == (
        "same_instrument",
        "Pilih dua instrumen yang berbeda.",
    )


def test_a_second_mapping_says_where_the_first_one_is(mapping, admin):
    pair = {"before": mapping.before, "after": mapping.after}

    assert refusal(suggest_mapping, **pair, by=admin, at=LATER) == (
        "exists",
        "Pemetaan dari lama-2020 ke baru-2024 sudah ada. Buka dari daftar pemetaan.",
    )


def test_an_instrument_retired_meanwhile_keeps_its_mapping_and_its_work(mapping, admin):
    retire_instrument(instrument=mapping.before, by=admin, at=LATER)

    confirmed = confirm_all_same(mapping_id=mapping.pk, by=admin, at=LATER)

    assert confirmed == 1
    assert [pair.kind for pair in followed(mapping.before, mapping.after)] == [MatchKind.SAME]


# --- Instruments without questions ---------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {}, []),
        ({"A": "Satu"}, {}, [("gone", "A", "", False)]),
        ({}, {"1": "Satu"}, [("new", "", "1", False)]),
    ],
)
def test_where_nothing_is_asked_nothing_is_paired(admin, old, new, expected):
    before = instrument_of(old, "a-1") if old else empty_instrument("a-1")
    after = instrument_of(new, "b-1") if new else empty_instrument("b-1")

    mapping = suggest_mapping(before=before, after=after, by=admin, at=LATER)

    assert shape(mapping) == expected
    assert confirm_all_same(mapping_id=mapping.pk, by=admin, at=LATER) == 0
    assert followed(before, after) == []
    assert ways(before, after).is_mapped == bool(expected)


def test_the_pages_of_an_empty_mapping_are_pages(pages, admin):
    mapping = suggest_mapping(
        before=empty_instrument("a-1"), after=empty_instrument("b-1"), by=admin, at=LATER
    )

    opened = {
        name: pages.get(url(name, mapping))
        for name in ("mapping_report", "mapping_review", "mapping_csv", "mapping_xlsx")
    }
    listed = pages.get(reverse("clusters:mapping_list"))
    table = b"".join(opened["mapping_csv"].streaming_content).decode("utf-8-sig")
    opened["mapping_xlsx"].close()

    assert {response.status_code for response in (*opened.values(), listed)} == {200}
    assert table.count("\r\n") == 1  # its header
    assert (
        opened["mapping_review"].context["total"],
        list(opened["mapping_review"].context["rows"]),
    ) == (0, [])


def test_an_empty_mapping_goes_out_and_comes_back(admin):
    before, after = empty_instrument("a-1"), empty_instrument("b-1")
    suggest_mapping(before=before, after=after, by=admin, at=LATER)

    code, text = run("export_mapping", "a-1", "b-1")

    assert (code, read(text)) == (0, MappingSpec("a-1", "b-1", ()))


# --- Two people ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MatchKind.REWORDED, MatchKind.SAME])
def test_a_group_taken_apart_meanwhile_is_neither_confirmed_nor_changed(mapping, admin, kind):
    """C was split into 3 and 4; somebody has paired it with 3 alone since."""
    seen = line_of(mapping, "C")
    deed = {"mapping_id": mapping.pk, "by": admin, "at": LATER}
    set_match(match_id=seen, wanted=wanted(mapping, MatchKind.REWORDED, "C", "3"), **deed)

    late = wanted(mapping, kind, "C", "4")
    assert refusal(set_match, match_id=seen, wanted=late, **deed) == ("stale", STALE)
    assert refusal(confirm_matches, match_ids=[seen], **deed) == ("stale", STALE)
    assert refusal(unconfirm_match, match_id=seen, **deed) == ("stale", STALE)


def test_one_stale_line_among_many_keeps_all_from_being_confirmed(mapping, admin):
    ids = [*mapping.matches.values_list("pk", flat=True), 0]
    deed = {"mapping_id": mapping.pk, "by": admin, "at": LATER}

    assert refusal(confirm_matches, match_ids=ids, **deed) == ("stale", STALE)


def test_confirming_nothing_writes_nothing(mapping, admin):
    with nothing_changes():
        assert confirm_matches(mapping_id=mapping.pk, match_ids=[], by=admin, at=LATER) == 0


def test_a_pair_confirmed_elsewhere_is_named_before_it_is_taken(mapping, admin):
    deed = {"mapping_id": mapping.pk, "by": admin, "at": LATER}
    confirm_matches(match_ids=[line_of(mapping, "A")], **deed)

    told = refusal(
        set_match,
        match_id=line_of(mapping, "B"),
        wanted=wanted(mapping, MatchKind.MERGED, "AB", "2"),
        **deed,
    )

    assert told == (
        "confirmed",
        (
            "Pasangan A, 1 sudah dipastikan. Batalkan kepastiannya dahulu bila "
            "pertanyaannya memang dipindahkan ke sini."
        ),
    )


@pytest.mark.parametrize(
    ("kind", "before", "after", "sentence"),
    [
        ("SAME", "AB", "1", "“sama” tidak cocok dengan 2 pertanyaan lama dan 1 pertanyaan baru."),
        (
            "SPLIT",
            "A",
            "1",
            "“dipecah” tidak cocok dengan 1 pertanyaan lama dan 1 pertanyaan baru.",
        ),
        ("NEW", "", "", "“baru” tidak cocok dengan 0 pertanyaan lama dan 0 pertanyaan baru."),
        (
            "GONE",
            "A",
            "1",
            "“tidak ada lagi” tidak cocok dengan 1 pertanyaan lama dan 1 pertanyaan baru.",
        ),
    ],
)
def test_a_relation_that_does_not_fit_is_told_with_its_numbers(
    mapping, admin, kind, before, after, sentence
):
    told = refusal(
        set_match,
        mapping_id=mapping.pk,
        match_id=line_of(mapping, "A"),
        wanted=wanted(mapping, MatchKind[kind], before, after),
        by=admin,
        at=LATER,
    )

    assert told == ("shape", f"{sentence} Pilih hubungan lain atau ubah pasangannya.")


def test_a_mapping_with_a_confirmed_line_is_not_deleted_and_says_how_many(mapping, admin):
    deed = {"mapping_id": mapping.pk, "by": admin, "at": LATER}
    confirm_matches(match_ids=[line_of(mapping, "C")], **deed)

    assert refusal(delete_mapping, **deed) == (
        "confirmed",
        (
            "2 baris pemetaan ini sudah dipastikan, jadi tidak dapat dihapus. "
            "Batalkan kepastiannya satu per satu bila memang keliru."
        ),
    )


@pytest.mark.parametrize(
    "deed",
    [
        delete_mapping,
        confirm_all_same,
        lambda **given: confirm_matches(match_ids=[1], **given),
        lambda **given: unconfirm_match(match_id=1, **given),
    ],
)
def test_a_mapping_that_somebody_deleted_is_gone_for_every_deed(mapping, admin, deed):
    pk = mapping.pk
    delete_mapping(mapping_id=pk, by=admin, at=LATER)

    assert refusal(deed, mapping_id=pk, by=admin, at=LATER) == (
        "gone",
        "Pemetaan ini sudah dihapus.",
    )


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["mapping_report", "mapping_csv", "mapping_xlsx", "mapping_review"],
)
@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000])
def test_the_page_of_a_mapping_that_never_was_is_not_found(pages, name, pk):
    address = reverse(f"clusters:{name}", args=[123456789]).replace("123456789", pk)

    assert pages.get(address).status_code == 404


def test_the_page_of_a_pair_that_never_was_leads_to_the_list_with_its_filters(pages, mapping):
    with nothing_changes():
        response = pages.get(f"{url('match_edit', mapping, 10**30)}?jenis=same", follow=True)

    assert response.redirect_chain == [(f"{url('mapping_review', mapping)}?jenis=same", 302)]
    assert said(response) == ["Pasangan ini sudah diubah. Pilih kembali dari daftar."]


@pytest.mark.parametrize("pick", ["", "x", "-1", "1.0", "²", "9" * 30])
def test_a_tick_that_no_page_shows_confirms_nothing(pages, mapping, pick):
    with nothing_changes():
        response = pages.post(url("mapping_confirm", mapping), {"picks": pick}, follow=True)

    assert said(response) in (["0 kelompok dipastikan."], [STALE])


@pytest.mark.parametrize("asked", ["halaman=0", "halaman=99999999999999999999", "halaman=x"])
def test_a_page_number_beyond_the_list_shows_the_nearest_page(pages, mapping, asked):
    response = pages.get(f"{url('mapping_review', mapping)}?{asked}")

    assert response.context["page_obj"].number == 1
    assert len(response.context["rows"]) == 6


@pytest.mark.parametrize(
    "asked",
    [
        {"jenis": "mirip"},
        {"keadaan": "mungkin"},
        {"klaster": "klaster-99"},
        {"cari": "x" * 101},
        {"cari": "\x00"},
        {"cari": " \u200b "},
    ],
)
def test_a_filter_that_nobody_offers_narrows_nothing(mapping, asked):
    form = MatchFilterForm(asked, clusters=Cluster.objects.all())

    assert form.chosen(groups_of(mapping)) == groups_of(mapping)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", "0 pertanyaan lama dan 0 pertanyaan baru tidak dapat menjadi satu kelompok."),
        ("AB", "12", "2 pertanyaan lama dan 2 pertanyaan baru tidak dapat menjadi satu kelompok."),
        ("AB", "", "2 pertanyaan lama dan 0 pertanyaan baru tidak dapat menjadi satu kelompok."),
        ("", "12", "0 pertanyaan lama dan 2 pertanyaan baru tidak dapat menjadi satu kelompok."),
    ],
)
def test_ticks_that_make_no_group_are_told_on_the_form(pages, mapping, before, after, told):
    sides = {
        name: list(
            Question.objects.of_instrument(one)
            .filter(code__in=list(codes))
            .values_list("pk", flat=True)
        )
        for name, one, codes in (
            ("before", mapping.before, before),
            ("after", mapping.after, after),
        )
    }

    with nothing_changes():
        response = pages.post(
            url("match_edit", mapping, line_of(mapping, "A")), {**sides, "cari": ""}
        )

    assert response.context["form"].non_field_errors() == [
        f"{told} Pilih satu lawan satu, satu lawan beberapa, atau satu saja bila tidak berpasangan."
    ]


def test_ticks_of_the_other_side_and_of_no_question_are_refused(pages, mapping):
    other = Question.objects.of_instrument(mapping.after).first().pk

    with nothing_changes():
        response = pages.post(
            url("match_edit", mapping, line_of(mapping, "A")), {"before": [other], "after": ["x"]}
        )

    assert {name: list(told) for name, told in response.context["form"].errors.items()} == {
        "before": [
            f"Masukkan pilihan yang valid. {other} bukan salah satu dari pilihan yang tersedia."
        ],
        "after": ["“x” bukan nilai yang valid."],
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("lama-2020", "lama-2020", "Pilih dua instrumen yang berbeda."),
        (
            "lama-2020",
            "baru-2024",
            "Pemetaan dari lama-2020 ke baru-2024 sudah ada. Buka dari daftar pemetaan.",
        ),
    ],
)
def test_two_instruments_that_cannot_be_mapped_are_told_on_the_page(
    pages, mapping, before, after, told
):
    with nothing_changes():
        response = pages.post(
            reverse("clusters:mapping_create"), {"before": before, "after": after}
        )

    assert response.context["form"].non_field_errors() == [told]


# --- Files ---------------------------------------------------------------------------------------

HEAD = "schema: 1\nmapping: {before: lama-2020, after: baru-2024}\n"
REST = "new: []\ngone: []\n"


def faults(text):
    with pytest.raises(MappingError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"{HEAD}groups: []\n",
            ["new: Kunci ini wajib ada.", "gone: Kunci ini wajib ada."],
        ),
        (f"{HEAD}groups: {{}}\n{REST}", ["groups: Harus berupa daftar."]),
        (
            f"{HEAD}groups: []\nnew: 1\ngone: x\n",
            ["new: Harus berupa daftar.", "gone: Harus berupa daftar."],
        ),
        (
            f"{HEAD}groups: [satu]\n{REST}",
            ["groups[0]: Harus berupa pasangan kunci dan isi."],
        ),
        (
            f'{HEAD}groups: [{{kind: new, before: [], after: ["1"]}}]\n{REST}',
            ["groups[0].kind: “new” tidak dikenal."],
        ),
        (
            f'{HEAD}groups: [{{kind: same, before: ["A", "B"], after: ["1"]}}]\n{REST}',
            ["groups[0]: Jumlah pertanyaan tidak cocok dengan hubungannya."],
        ),
        (
            f'{HEAD}groups: [{{kind: same, before: [1.1], after: [""]}}]\n{REST}',
            [
                "groups[0].before[0]: Harus teks; tulis dalam tanda petik.",
                "groups[0].after[0]: Tidak boleh kosong.",
            ],
        ),
        (
            f'{HEAD}groups: []\nnew: ["{"k" * 51}"]\ngone: [null]\n',
            ["new[0]: Paling panjang 50 karakter.", "gone[0]: Harus teks."],
        ),
        (
            f"schema: 1\nmapping: {{before: 2020, after: [x], dasar: y}}\ngroups: []\n{REST}",
            [
                "mapping.dasar: Kunci ini tidak dikenal.",
                "mapping.before: Harus teks; tulis dalam tanda petik.",
                "mapping.after: Harus teks.",
            ],
        ),
        (
            f"{HEAD}{HEAD}groups: []\n{REST}",
            [
                "baris 3: Kunci “schema” tertulis dua kali.",
                "baris 4: Kunci “mapping” tertulis dua kali.",
            ],
        ),
        (
            f"{HEAD}groups: []\n{REST}---\n{HEAD}",
            ["baris 6: Berkas memuat lebih dari satu dokumen YAML."],
        ),
    ],
)
def test_what_is_wrong_in_a_mapping_file_is_told_with_its_place(text, told):
    assert faults(text) == told


@pytest.mark.parametrize("length", range(20, 200, 30))
def test_a_mapping_file_that_was_cut_off_is_refused(length):
    spec = MappingSpec(
        "lama-2020",
        "baru-2024",
        (
            GroupSpec(MatchKind.SPLIT, ("C",), ("3", "4")),
            GroupSpec(MatchKind.NEW, (), ("2",)),
            GroupSpec(MatchKind.GONE, ("B",), ()),
        ),
    )
    whole = write(spec)

    assert read(whole) == spec
    assert faults(whole[: min(length, len(whole) - 8)]) != []


@pytest.mark.parametrize("before", ["2020", "null", "true", "12-30", "0"])
def test_a_code_that_reads_like_a_number_or_a_word_is_written_as_a_text(before):
    """An instrument may be called so."""
    spec = MappingSpec(before, "baru-2024", (GroupSpec(MatchKind.GONE, ("1.10",), ()),))

    assert read(write(spec)) == spec


def test_what_a_file_forgets_repeats_and_invents_is_told_on_each_side():
    before, after = small_spec("lama-2020"), small_spec("baru-2024")
    spec = MappingSpec(
        "lama-2020",
        "baru-2024",
        (
            GroupSpec(MatchKind.SAME, ("1.1",), ("1.1",)),
            GroupSpec(MatchKind.SAME, ("1.1",), ("9.9",)),
            GroupSpec(MatchKind.SPLIT, ("1.2",), ("2a.1", "2a.1")),
        ),
    )

    assert [str(fault) for fault in uncovered(spec, before, after)] == [
        "lama-2020: Pertanyaan 2a.1 tidak disebut.",
        "lama-2020: Pertanyaan 2a.2 tidak disebut.",
        "lama-2020: Pertanyaan 2b.1 tidak disebut.",
        "lama-2020: Pertanyaan 1.1 disebut 2 kali.",
        "baru-2024: Pertanyaan 1.2 tidak disebut.",
        "baru-2024: Pertanyaan 2a.2 tidak disebut.",
        "baru-2024: Pertanyaan 2b.1 tidak disebut.",
        "baru-2024: Tidak ada pertanyaan 9.9.",
        "baru-2024: Pertanyaan 2a.1 disebut 2 kali.",
    ]


# --- Into the database ---------------------------------------------------------------------------


def test_a_reviewed_file_waits_until_both_its_instruments_are_published(admin):
    spec = MappingSpec("lama-2020", "kecil-2026", ())
    missing = (
        "missing",
        "Instrumen “lama-2020” belum terbit di sini. Muat instrumen itu terlebih dahulu.",
    )
    assert refusal(load_mapping, spec=spec, at=LATER) == missing

    create_draft(spec=small_spec("lama-2020"), by=admin, at=LATER)
    assert refusal(load_mapping, spec=spec, at=LATER) == missing


def test_a_file_from_an_instrument_to_itself_is_refused(admin):
    one = instrument_of({"A": "Satu"}, "lama-2020")
    spec = MappingSpec(one.code, one.code, (GroupSpec(MatchKind.SAME, ("A",), ("A",)),))

    assert refusal(load_mapping, spec=spec, at=LATER) == (
        "same_instrument",
        "Pilih dua instrumen yang berbeda.",
    )


def test_a_file_that_covers_half_stores_nothing(admin):
    for texts, code in ((OLD, "lama-2020"), (NEW, "baru-2024")):
        instrument_of(texts, code)
    spec = MappingSpec("lama-2020", "baru-2024", (GroupSpec(MatchKind.SAME, ("A",), ("1",)),))

    with nothing_changes(), pytest.raises(MappingError) as caught:
        load_mapping(spec=spec, at=LATER)

    assert len(caught.value.faults) == 8


@pytest.mark.parametrize("row", [Instrument, Question])
def test_what_a_mapping_names_cannot_be_lost(mapping, row):
    with nothing_changes(), pytest.raises(ProtectedError):
        row.objects.first().delete()


# --- Commands ------------------------------------------------------------------------------------


def run(name, *args):
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, out.getvalue()


def test_the_packaged_mapping_is_refused_without_its_instruments(admin):
    with nothing_changes():
        assert run("load_mapping") == (
            2,
            "Instrumen “kla-2011” belum terbit di sini. Muat instrumen itu terlebih dahulu.\n",
        )


def test_each_fault_of_a_mapping_file_stands_on_its_own_line(admin, tmp_path):
    file = tmp_path / "pemetaan.yaml"
    file.write_text(f"schema: 2\nmapping: {{before: x}}\ngroups: []\n{REST}", encoding="utf-8")

    assert run("load_mapping", str(file)) == (
        2,
        "schema: Hanya skema 1 yang dikenal.\nmapping.after: Kunci ini wajib ada.\n",
    )


def test_a_folder_and_a_file_that_is_not_there_are_told_by_their_path(admin, tmp_path):
    assert run("load_mapping", str(tmp_path)) == (2, f"{tmp_path}: Is a directory\n")
    missing = tmp_path / "tidak-ada.yaml"
    assert run("load_mapping", str(missing)) == (2, f"{missing}: No such file or directory\n")


def test_an_exported_mapping_comes_back_under_codes_that_read_like_numbers(admin):
    before, after = instrument_of({"1.10": "Satu"}, "2011"), instrument_of({"1": "Satu"}, "2023")
    mapping = suggest_mapping(before=before, after=after, by=admin, at=LATER)
    confirm_all_same(mapping_id=mapping.pk, by=admin, at=LATER)

    code, text = run("export_mapping", "2011", "2023")
    mapping.delete()
    result = load_mapping(spec=read(text), at=LATER)

    assert (code, result.created) == (0, True)
    assert shape(result.mapping) == [("same", "1.10", "1", True)]


@pytest.mark.parametrize("arguments", [[], ["lama-2020"], ["a", "b", "c"]])
def test_a_mapping_is_exported_by_two_codes(arguments):
    with pytest.raises(CommandError, match=r"required: |unrecognized arguments: "):
        call_command("export_mapping", *arguments)
