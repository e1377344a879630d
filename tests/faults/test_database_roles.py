"""The site's role in PostgreSQL owns nothing: what protects the trails is out of its reach."""

import psycopg2
import pytest

from tests.faults.cluster import APP

pytestmark = pytest.mark.faults

TRAILS = ("assessments_activity", "assessments_pointsrecord", "cities_cityactivity")

GRANT = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from kla.database_roles import grant_app_role
call_command("migrate", "contenttypes", verbosity=0)
grant_app_role(settings.KLA_APP_DATABASE_URL)
"""


@pytest.fixture
def as_app(cluster, site):
    connection = psycopg2.connect(host=str(cluster.folder), user=APP, dbname="postgres")
    yield connection.cursor()
    connection.rollback()
    connection.close()


@pytest.mark.parametrize("table", TRAILS)
@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TRIGGER {0}_append_only ON {0}",
        "DROP TABLE {}",
    ],
)
def test_the_site_can_neither_alter_a_trail_nor_switch_off_its_guard(as_app, table, deed):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(deed.format(table))


def test_the_site_cannot_switch_all_triggers_off_for_its_session(as_app):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute("SET session_replication_role = replica")


def test_it_made_a_year_and_a_document_and_its_trail_is_whole(site, as_app):
    as_app.execute("SELECT count(*) > 0 FROM assessments_activity")
    assert as_app.fetchone() == (True,)

    assert site.manage("verify_trail").stdout.strip() != ""
    site.manage("verify_documents")
    site.manage("refresh_scores", "--dry-run")
    site.manage("send_reminders")


def test_preparing_again_keeps_the_role_as_it_was(owner, as_app):
    owner.manage("prepare")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute("DELETE FROM assessments_activity")


def test_the_check_warns_whoever_works_as_the_owner_and_nobody_else(owner, site):
    alone = owner.manage("check", "--database", "default", KLA_APP_DATABASE_URL="")
    apart = site.manage("check", "--database", "default")

    assert "(kla.W001) The role that the site works as could alter" in alone.stderr
    assert "kla.W001" not in apart.stderr + apart.stdout


def test_the_owner_himself_is_refused_as_the_role_of_the_site(owner, cluster):
    done = owner.manage("prepare", code=1, KLA_APP_DATABASE_URL=cluster.address())

    assert "must name a role other than the owner's" in done.stderr


def test_an_owner_who_may_make_roles_but_is_no_superuser_prepares_again_and_again(cluster, owner):
    """As a database on a machine of the city has it; PostgreSQL gives superusers more than that."""
    cluster.execute("CREATE ROLE plain_owner LOGIN CREATEROLE")
    cluster.execute("CREATE DATABASE plain OWNER plain_owner")
    address = cluster.address("plain_owner", "plain")
    app = address.replace("plain_owner@", "plain_app:secret@")
    try:
        for _time in range(2):
            owner.run("-c", GRANT, DATABASE_URL=address, KLA_APP_DATABASE_URL=app)
    finally:
        cluster.execute("DROP DATABASE plain WITH (FORCE)")
