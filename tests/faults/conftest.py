"""One cluster and one lived-in site for all tests of faults."""

import pytest

from tests.faults.cluster import APP, Cluster, Site, last_line

# A year with an answer, its question's address and the session of somebody of an OPD.
CITY = """
import django, json
django.setup()
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.assessments.situations import hand_in, staff_of, working_year
from tests.factories.assessments import answer_of
year = working_year()
staff = staff_of(year, "DISDIK")
session = SessionStore()
session[SESSION_KEY] = str(staff.user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = staff.user.get_session_auth_hash()
session.save()
answer = answer_of(year, "1.2")
hand_in(answer, by=staff.user)
print(json.dumps([session.session_key, answer.get_absolute_url()]))
"""


@pytest.fixture(scope="session")
def cluster():
    cluster = Cluster(is_migrated=True)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def owner(cluster, tmp_path_factory):
    """Commands as the owner of the tables, who has migrated and granted."""
    app = cluster.address(APP)
    owner = Site(tmp_path_factory.mktemp("owner"), cluster.address(), KLA_APP_DATABASE_URL=app)
    owner.manage("prepare")
    return owner


@pytest.fixture(scope="session")
def site(cluster, owner, tmp_path_factory):
    """Works as the role that owns nothing, with data that it made itself."""
    site = Site(tmp_path_factory.mktemp("site"), cluster.address(APP))
    site.session, site.question = last_line(site.run("-c", CITY))
    yield site
    site.kill()
