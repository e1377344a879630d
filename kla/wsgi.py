"""The WSGI entry point for an application server."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

from kla.versions import require_known_data

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kla.settings")

application = get_wsgi_application()
require_known_data()
connection.close()  # a server forks after this, and its workers open their own
