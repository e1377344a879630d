"""When the demonstration is not loaded, nothing of it is there."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Award
from cities.models import User
from kla.demo import build as building
from kla.demo.build import build, is_built
from tests.factories.assessments import NOW

pytestmark = pytest.mark.django_db

PASSWORD = "kata-sandi-peragaan"


@pytest.fixture(autouse=True)
def _own_password(monkeypatch):
    monkeypatch.setenv("KLA_DEMO_PASSWORD", PASSWORD)


@pytest.fixture
def foundations():
    call_command("load_regions", stdout=StringIO())
    call_command("load_instrument", "kla-2023", stdout=StringIO())


def run():
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue().splitlines()


def files_below(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def nothing_is_there():
    return (is_built(), User.objects.exists(), Award.objects.exists()) == (False, False, False)


def test_without_the_instrument_it_says_what_to_do():
    with pytest.raises(CommandError, match="Jalankan load_instrument kla-2023 dahulu"):
        run()

    assert nothing_is_there()


@pytest.mark.parametrize("password", ["", "layak-anak-2024"])
def test_the_public_password_is_refused_outside_a_local_machine(
    foundations, settings, monkeypatch, password
):
    settings.IS_LOCAL = False
    monkeypatch.setenv("KLA_DEMO_PASSWORD", password)

    with pytest.raises(CommandError, match="Isi KLA_DEMO_PASSWORD dengan kata sandi lain"):
        run()

    assert nothing_is_there()


def test_outside_a_local_machine_new_accounts_have_the_password_of_the_environment(
    foundations, settings
):
    settings.IS_LOCAL = False
    existing = User.objects.create_user(
        "dinkes@kota-contoh.example", "milik-orang-lain", name="Dewi"
    )

    lines = run()

    assert lines[0] == (
        "Kota Contoh 2024: diklaim 771,81 (Nindya), terbukti 576,74 (Pratama), 183 dokumen."
    )
    told = {line.partition("@")[0].split()[-1]: line.split("  ")[-1].strip() for line in lines[2:]}
    assert told.pop("dinkes") == "(sudah diganti)"
    assert set(told.values()) == {PASSWORD}
    kept = [user for user in User.objects.all() if not user.check_password(PASSWORD)]
    assert kept == [existing]
    assert (kept[0].name, kept[0].check_password("milik-orang-lain")) == ("Dewi", True)


def test_a_failure_leaves_neither_rows_nor_files(foundations, media_root, monkeypatch):
    fill_year = building.fill_year
    on_disk, expected = [], []

    def fail_after_the_tenth(*, stored, **arguments):
        expected.append(len(stored) + 10)  # after those of the year before

        class Ten(list):
            def append(self, document):
                stored.append(document)
                if len(stored) == expected[0]:
                    on_disk.extend(files_below(media_root))
                    raise RuntimeError

        fill_year(stored=Ten(), **arguments)

    monkeypatch.setattr(building, "fill_year", fail_after_the_tenth)

    with pytest.raises(RuntimeError):
        build(password=PASSWORD, at=NOW)

    assert [len(on_disk)] == expected
    assert files_below(media_root) == []
    assert nothing_is_there()
