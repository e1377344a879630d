"""pgbouncer with the file that compose gives it, and the site behind it as its role that owns nothing."""

import json
import os
import pwd
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engines.engines import Engine, free_ports
from tests.faults.cluster import APP, Cluster, Site, last_line
from tests.faults.conftest import CITY

pytestmark = pytest.mark.engines

PGBOUNCER = Path("/usr/sbin/pgbouncer")
INI = Path(__file__).parents[2] / "deploy" / "pgbouncer" / "pgbouncer.ini"
POOL = 3
GRANT = """
import django
django.setup()
from django.conf import settings
from kla.database_roles import grant_app_role
grant_app_role(settings.KLA_APP_DATABASE_URL)
"""
LIMITS = """
import django, json
django.setup()
from django.db import connection
def told(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]
print(json.dumps([told("lock_timeout"), told("statement_timeout")]))
"""


class PgBouncer(Engine):
    """Our own file of settings, but for where things are and how many connections there are."""

    def __init__(self, cluster):
        super().__init__("pgbouncer")
        [self.port] = free_ports(1)
        users, settings = self.folder / "users", self.folder / "pgbouncer.ini"
        users.write_text(f'"{APP}" "secret"\n')
        text = INI.read_text()
        for ours, here in {
            "host=db port=5432 dbname=kla": f"host={cluster.folder} dbname=postgres",
            "listen_addr = *": "listen_addr = 127.0.0.1",
            "listen_port = 6432": f"listen_port = {self.port}",
            "/run/secrets/pgbouncer_users": str(users),
            "default_pool_size = 20": f"default_pool_size = {POOL}",
            "reserve_pool_size = 5": "reserve_pool_size = 0",
        }.items():
            assert text.count(ours) == 1
            text = text.replace(ours, here)
        settings.write_text(text)
        self.address = f"postgres://{APP}:secret@127.0.0.1:{self.port}/kla"
        self.settings = settings

    def command(self):
        if os.geteuid():
            return [str(PGBOUNCER), str(self.settings)]
        shutil.chown(self.folder, "nobody")  # it refuses to be root
        self.folder.chmod(0o755)
        user = pwd.getpwnam("nobody")
        ids = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        return ["setpriv", *ids, str(PGBOUNCER), str(self.settings)]

    def greets(self):
        """An SSLRequest of PostgreSQL's protocol is answered with one letter."""
        return self.talk(b"\x00\x00\x00\x08\x04\xd2\x16\x2f")[:1] in (b"N", b"S")


@pytest.fixture(scope="module")
def cluster():
    if not PGBOUNCER.exists():
        pytest.skip("pgbouncer is not installed (apt-get install pgbouncer)")
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="module")
def pooler(cluster):
    pooler = PgBouncer(cluster)
    yield pooler
    pooler.remove()


@pytest.fixture(scope="module")
def site(cluster, pooler, tmp_path_factory):
    """Prepared by the owner at PostgreSQL itself; at work through the pooler alone."""
    app = cluster.address(APP).replace(f"{APP}@", f"{APP}:secret@")
    owner = Site(tmp_path_factory.mktemp("owner"), cluster.address(), KLA_APP_DATABASE_URL=app)
    owner.manage("migrate", "-v0")
    owner.manage("createcachetable")
    owner.run("-c", GRANT)
    pooler.start()
    more = {"KLA_PGBOUNCER": "1", "KLA_WORKERS": "2", "KLA_THREADS": "8"}
    site = Site(tmp_path_factory.mktemp("site"), pooler.address, **more)
    site.session, site.question = last_line(site.run("-c", CITY))
    site.start()
    yield site
    site.kill()


def test_more_people_than_connections_are_all_answered(site, cluster):
    def reads(_number):
        return [
            site.get(path, Cookie=f"sessionid={site.session}")[0]
            for path in (site.question, "/sehat/", site.question)
        ]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(reads, range(16))) == [[200] * 3] * 16
    assert 1 <= connections_of_the_site(cluster) <= POOL


def connections_of_the_site(cluster):
    return int(cluster.ask(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{APP}'")[0][0])


def test_the_limits_that_the_site_asks_for_hold_behind_it_too(site):
    assert json.loads(site.run("-c", LIMITS).stdout) == ["5s", "1min"]


def test_a_backup_is_made_through_it_of_one_moment(site, tmp_path):
    assert " baris, " in site.manage("backup", str(tmp_path)).stdout
