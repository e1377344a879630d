"""The version that landed last, its data, this version on top, and the way back refused."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.faults.cluster import ROOT

pytestmark = pytest.mark.faults

# Where no tag names a release: the commit that landed before this work.
LANDED = "b9ae7ad"

TOTALS = """
import django, json
django.setup()
from django.apps import apps
from assessments.models import SupportingDocument
wanted = ("TotalScore", "ClusterScore", "IndicatorScore", "Answer", "Evidence", "Membership", "Opd")
models = [model for model in apps.get_models() if model.__name__ in wanted]
from clusters.library import checksum
from clusters.models import Instrument
from clusters.services import spec_of
print(json.dumps({
    "instruments": [
        [one.code, one.checksum, checksum(spec_of(one))] for one in Instrument.objects.order_by("pk")
    ],
    "totals": sorted(
        [str(value) for value in row]
        for row in apps.get_model("assessments", "TotalScore").objects.values_list(
            "assessment__city__slug", "assessment__year", "kind", "points", "predikat", "answered"
        )
    ),
    "rows": {model._meta.label: model.objects.count() for model in models},
    "documents": sorted(
        [str(pk), name, sha256, size]
        for pk, name, sha256, size in SupportingDocument.objects.values_list(
            "pk", "file", "sha256", "size"
        )
    ),
}))
"""

# The meetings as the models know them, and what names their models.
MEETINGS = """
import django, json
django.setup()
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
models = {model.__name__: model for model in apps.get_models()}
def told(name, *fields):
    rows = models[name].objects.order_by("pk").values_list(*fields)
    return [[str(value) for value in row] for row in rows]
print(json.dumps({
    "meetings": told("Meeting", "pk", "title", "starts_at", "minutes", "closed_at"),
    "checksums": [row.minutes_checksum() for row in models["Meeting"].objects.order_by("pk")],
    "decisions": told("Decision", "meeting", "text", "owner_opd", "owner_member", "done_note"),
    "attendances": told("Attendance", "meeting", "name", "institution", "signature"),
    "commitments": told("Commitment", "party", "text", "made_on"),
    "permissions": [
        [permission.pk, permission.codename]
        for permission in Permission.objects.filter(content_type__model="decision").order_by("pk")
    ],
    "admin_history": [str(entry.get_edited_object()) for entry in LogEntry.objects.order_by("pk")],
}))
"""

# What somebody still does on the version before while our migrations have already run.
OLD_WRITES = """
import django
django.setup()
from datetime import date
from meetings.models import Attendance, Decision, Meeting
from taskforce.models import Commitment
meeting = Meeting.objects.latest("pk")
Decision.objects.create(meeting=meeting, text="Siaran anak")
Attendance.objects.create(
    meeting=meeting, name="Ani", institution="Radio Contoh", key="ani", at=meeting.at,
)
Commitment.objects.create(
    city=meeting.city, sector="media", party="Radio Contoh", text="Siaran anak",
    made_on=date(2026, 1, 5), at=meeting.at, by=meeting.by,
)
print(meeting.decisions.latest("pk").text)
"""


def git(*arguments):
    done = subprocess.run(
        ["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def landed():
    """The last release that is part of this history: its last tag, else the commit named above."""
    return git("describe", "--tags", "--abbrev=0") or git(
        "rev-parse", "--verify", "--quiet", f"{LANDED}^{{commit}}"
    )


class Version:
    """Some version of the code in a folder, on the data of the drill."""

    def __init__(self, code, var):
        self.code = code
        keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = keep | {
            "DJANGO_SETTINGS_MODULE": "kla.settings",
            "KLA_LOCAL": "1",
            "KLA_VAR": str(var),
            "KLA_RENDITIONS": "command",
        }

    def run(self, *arguments, code=0):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.code,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, done.stderr

    def manage(self, *arguments, **more):
        return self.run("manage.py", *arguments, **more)[0]

    def told(self, script):
        return json.loads(self.run("-c", script)[0].splitlines()[-1])

    def totals(self):
        return self.told(TOTALS)


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    """The demonstration made by the old code, then brought up to date by ours."""
    commit = landed()
    if not commit:
        pytest.skip("this checkout has no history, so the version before is not here")
    folder = tmp_path_factory.mktemp("upgrade")
    (folder / "old").mkdir()
    archive = subprocess.run(
        ["git", "-C", ROOT, "archive", commit], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder / "old"], input=archive.stdout, check=True)
    (folder / "old" / "node_modules").symlink_to(ROOT / "node_modules")
    old, new = Version(folder / "old", folder / "var"), Version(ROOT, folder / "var")
    old.manage("migrate", "-v0")
    old.manage("createcachetable", "-v0")
    for code in ("load_awards", "load_band_tables"):
        old.manage(code)
    old.run("-c", OLD_DEMO)
    before = old.totals() | {"rakor": old.told(MEETINGS)}
    heads = old.manage("verify_trail")
    new.manage("migrate", "-v0")
    return old, new, before, heads


# What `prepare --demo` does, without the regions of the whole country.
OLD_DEMO = """
import django
django.setup()
from django.core.management import call_command
from clusters.library import PACKAGED, packaged_codes
call_command("load_regions")
for code in packaged_codes():
    call_command("load_instrument", str(PACKAGED / f"{code}.yaml"))
call_command("load_mapping")
call_command("load_demo")
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
meeting = apps.get_model("meetings", "Meeting").objects.earliest("pk")
LogEntry.objects.log_actions(meeting.by_id, [meeting], CHANGE, "tempat", single_object=True)
"""


def test_totals_rows_documents_and_instruments_are_what_they_were(drill):
    _old, new, before, _heads = drill

    after = new.totals()

    assert after == {name: before[name] for name in after}
    assert len(before["documents"]) > 100
    assert [kept == told for _code, kept, told in after["instruments"]] == [True, True]
    assert before["rows"]["assessments.Answer"] >= 274


def test_every_check_of_the_new_version_is_content_and_the_trails_go_on(drill):
    _old, new, _before, heads = drill

    assert new.manage("verify_trail") == heads
    new.manage("verify_documents")
    new.manage("verify_snapshots")
    new.manage("refresh_scores", "--dry-run")
    new.manage("migrate", "--check")
    new.manage("check", "--database", "default")


def test_meetings_stand_as_they_stood(drill):
    _old, new, before, _heads = drill

    after = new.told(MEETINGS)

    assert after == before["rakor"]
    assert [len(after["meetings"]), len(after["decisions"]), len(after["attendances"])] == [2, 7, 9]
    assert after["admin_history"] == [after["meetings"][0][1]]
    assert len(after["permissions"]) == 4


def test_the_version_before_goes_on_writing_once_our_migrations_have_run(drill):
    old, _new, _before, _heads = drill

    assert old.run("-c", OLD_WRITES)[0].strip() == "Siaran anak"


def test_a_version_that_knows_less_refuses_to_start_on_the_newer_data(drill, tmp_path):
    """This very code without its newest migrations; the landed one may be from before that rule."""
    _old, new, _before, _heads = drill
    (tmp_path / "older").mkdir()
    files = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in files:
        if (ROOT / name).is_file() and name.startswith(PACKAGES):
            target = tmp_path / "older" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    last = max((tmp_path / "older" / "outbox" / "migrations").glob("0*.py"))
    last.unlink()
    older = Version(tmp_path / "older", new.environment["KLA_VAR"])
    (tmp_path / "older" / "node_modules").symlink_to(ROOT / "node_modules")
    with closing(sqlite3.connect(f"{new.environment['KLA_VAR']}/kla.sqlite3")) as database:
        before = database.execute("SELECT count(*) FROM django_migrations").fetchone()

    _out, words = older.run("-c", "import kla.wsgi", code=1)
    _out, at_prepare = older.run("manage.py", "prepare", code=1)
    server = older.run("-m", "gunicorn", "-c", "gunicorn.conf.py", "kla.wsgi", code=1)

    sentence = f"The database belongs to a newer version of KLA: outbox.{last.stem}"
    assert sentence in words
    assert sentence in at_prepare
    assert sentence in "".join(server)
    with closing(sqlite3.connect(f"{new.environment['KLA_VAR']}/kla.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM django_migrations").fetchone() == before


PACKAGES = (
    "kla/", "public/", "api/", "actionsheets/", "monitoring/", "actionplan/", "nomenclature/", "imports/", "plans/", "regulations/", "meetings/", "taskforce/", "facilities/", "childdata/", "territories/",
    "registers/", "assessments/", "clusters/", "cities/", "figures/", "outbox/", "jobs/", "trail/",
    "workbooks/", "texts/", "backups/", "templates/", "static/", "manage.py", "gunicorn.conf.py", "package.json",
)  # fmt: skip


def test_the_landed_version_refuses_too_once_it_has_learnt_to(drill):
    old, _new, _before, _heads = drill
    if not (old.code / "kla" / "versions.py").exists():
        pytest.skip("the version that landed last is from before this rule")

    _out, words = old.run("manage.py", "check", "--database", "default", code=1)

    assert "kla.E005" in words
