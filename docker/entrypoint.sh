#!/bin/sh
# Bring the database up to date, then become the server.
set -eu
if [ "${1:-}" = gunicorn ]; then
  python manage.py prepare
fi
exec "$@"
