"""The site's settings, made quick for tests. Nothing here makes anything safer or laxer."""

import os
from pathlib import Path

os.environ["KLA_LOCAL"] = "1"
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
# Whatever a test run writes, away from what `make run` wrote.
VAR = Path(__file__).parent.parent / "var" / "tests"
os.environ["KLA_VAR"] = str(VAR)
# Never a database in memory: the live server, which starts before the tests' own database is
# made, would take it for one and share a single connection between all its threads.
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{VAR / 'never-made.sqlite3'}"
)

from kla.settings import *  # noqa: E402, F403  # the environment comes first

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, for threads cannot wait for one another on a database in memory; named for the
    # process, so that several runs never meet.
    DATABASES["default"]["TEST"] = {"NAME": VAR / f"test-{os.getpid()}.sqlite3"}  # noqa: F405

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# Argon2 takes a third of a second on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The manifest's hashed names need collectstatic; tests/site/test_static.py runs it for once.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a missing one

# What is asked for waits; tests that want it done do it, or hand it to the queue that does it at once.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": []}}
