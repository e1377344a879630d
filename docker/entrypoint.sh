#!/bin/sh
# Bring the database up to date as its owner, then become the server, which owns nothing there.
# KLA_PREPARE=0: another container has done so (compose's `prepare`), and this one never knew the owner.
set -eu
if [ "${1:-}" = gunicorn ]; then
  if [ "${KLA_PREPARE:-1}" = 1 ]; then
    if [ -n "${DATABASE_OWNER_URL:-}" ]; then
      KLA_APP_DATABASE_URL="$DATABASE_URL" DATABASE_URL="$DATABASE_OWNER_URL" python manage.py prepare
    else
      python manage.py prepare
    fi
  fi
  unset DATABASE_OWNER_URL
  python manage.py check --database default
fi
exec "$@"
