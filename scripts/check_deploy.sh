#!/bin/sh
# Django's deployment checks, under the settings of production.
set -eu
var=$(mktemp -d)
trap 'rm -rf "$var"' EXIT
env -u DEBUG -u KLA_LOCAL -u KLA_HTTPS \
  KLA_VAR="$var" \
  DATABASE_URL="sqlite:///$var/kla.sqlite3" \
  SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
  ALLOWED_HOSTS=kla.example.go.id \
  .venv/bin/python manage.py check --deploy --fail-level WARNING
