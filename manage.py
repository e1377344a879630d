#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

from django.core.management import execute_from_command_line

PRODUCTION = ("SECRET_KEY", "ALLOWED_HOSTS")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kla.settings")
    # Without a single setting of production this is somebody's own machine. The server itself
    # (kla.wsgi) never assumes that and refuses to start.
    if not any(name in os.environ for name in PRODUCTION):
        os.environ.setdefault("KLA_LOCAL", "1")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
