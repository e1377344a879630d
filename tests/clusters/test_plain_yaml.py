from decimal import Decimal

import pytest
import yaml

from clusters import plain_yaml
from clusters.plain_yaml import UnreadableError, read_plain

# The parser in C is used where there is one, and both must say the same.
LOADERS = [yaml.CSafeLoader, yaml.SafeLoader]


@pytest.fixture(params=LOADERS, autouse=True)
def _every_parser(request, monkeypatch):
    monkeypatch.setattr(plain_yaml, "LOADER", request.param)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.66", Decimal("0.66")),
        ("-1", Decimal(-1)),
        ("1.10", Decimal("1.10")),
        ('"1.10"', "1.10"),
        ("12:30", "12:30"),
        ("2023-01-01", "2023-01-01"),
        ("1e3", "1e3"),
        (".nan", ".nan"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("no", "no"),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ('"null"', "null"),
        ("[1, a]", [Decimal(1), "a"]),
        ("a: {b: 1}", {"a": {"b": Decimal(1)}}),
        ("a: >-\n  satu\n  dua\n", {"a": "satu dua"}),
    ],
)
def test_what_is_written_is_what_is_read(text, value):
    read, faults = read_plain(text)

    assert (read, type(read), faults) == (value, type(value), [])


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: 1\nb: 2\na: 3\n", ["baris 3: Kunci “a” tertulis dua kali."]),
        ("a: &x 1\n", ["baris 1: Jangkar (&) tidak dipakai di sini."]),
        (
            "a: &x [1]\nb: *x\n",
            [
                "baris 1: Jangkar (&) tidak dipakai di sini.",
                "baris 2: Rujukan (*) tidak dipakai di sini; tulis isinya lengkap.",
            ],
        ),
        ("a: !!python/name:os.system x\n", ["baris 1: Penanda tipe (!) tidak dipakai di sini."]),
        ("a: 1\n---\nb: 2\n", ["baris 2: Berkas memuat lebih dari satu dokumen YAML."]),
    ],
)
def test_what_could_surprise_is_a_fault(text, faults):
    assert [str(fault) for fault in read_plain(text)[1]] == faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "baris 1: Berkas kosong."),
        ("# hanya komentar\n", "baris 1: Berkas kosong."),
        ("a: 1\nb: [1\nc: }\n", "baris 3: Susunan YAML tidak dapat dibaca."),
        ("a: 1\nb: \x07\n", "baris 2: Ada karakter yang tidak boleh ada dalam YAML."),
        ("? [a]\n: 1\n", "baris 1: Kunci harus berupa teks."),
        ("[" * 50 + "]" * 50, "baris 1: Susunan terlalu dalam."),
    ],
)
def test_reading_stops_where_it_cannot_go_on(text, fault):
    with pytest.raises(UnreadableError) as caught:
        read_plain(text)

    assert str(caught.value) == fault


def test_a_billion_laughs_are_not_unfolded():
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]

    _value, faults = read_plain("\n".join(["a0: &a0 ha", *levels]))

    assert len(faults) == 30 + 29 * 9
