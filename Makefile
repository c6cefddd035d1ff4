# Needs Python 3.11 or newer and make, nothing else: every target makes the environment it needs first.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= auto
PYTEST_ARGS ?=
UPGRADE ?=
SCREENSHOTS ?= .screenshots
ROWS ?= 1000000
BENCH_ARGS ?=
FUZZ_INPUTS ?= 100000
FUZZ_WORKERS ?= 2
SOAK_MINUTES ?= 30
FAULTS_BROKER ?= redis
FAULTS_ARGS ?=
LANGUAGES := de es ar

# Where `make test-services` finds the services. The tests make databases of their own, one name for each checkout.
CHECKOUT := $(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/special_exams_$(CHECKOUT)
MARIADB_URL ?= mysql://root@127.0.0.1:3306/special_exams_$(CHECKOUT)
REDIS_URL ?= redis://127.0.0.1:6379/0
RABBITMQ_URL ?= amqp://guest:guest@127.0.0.1:5672//

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
PYTEST := $(BIN)/python -m pytest
NO_SERVICES := not services and not broker
# What is the same whatever the database is.
SAME_EVERYWHERE := tests/architecture tests/docs tests/demo/test_processes.py $(wildcard tests/demo/test_simulator*.py) \
	tests/journeys/test_faults.py $(wildcard tests/proctoring/test_*.py) tests/proctoring/backends tests/proctoring/lms \
	tests/proctoring/common/crypto tests/proctoring/common/http tests/proctoring/common/test_commands.py \
	tests/proctoring/common/test_metrics.py tests/proctoring/common/test_obscuring.py tests/proctoring/common/test_schedules.py \
	tests/proctoring/common/test_signing.py tests/proctoring/common/test_tables.py tests/proctoring/common/test_aliases.py \
	tests/proctoring/rest/matrix tests/proctoring/rest/test_conformance.py tests/proctoring/rest/test_errors.py \
	tests/proctoring/rest/test_fields.py tests/proctoring/rest/test_parsers.py tests/proctoring/rest/test_throttles.py \
	tests/proctoring/services/test_transitions.py tests/browser tests/proctoring/scripts \
	tests/verify_student/backends tests/verify_student/lms tests/verify_student/rest/test_conformance.py \
	tests/verify_student/services/test_transitions.py tests/packaging tests/examples tests/proctoring/settings tests/faults \
	$(wildcard tests/*/compat/test_names.py) $(wildcard tests/*/compat/test_old_code.py)
# Thin doors over services that are tested on both servers: on one of them, and on none. `make test-mariadb DOORS= PAGES=`
# has them all.
DOORS ?= tests/proctoring/management tests/verify_student/management
PAGES ?= tests/proctoring/api tests/proctoring/rest tests/proctoring/pages tests/proctoring/admin tests/proctoring/common/admin \
	tests/verify_student/api tests/verify_student/rest tests/verify_student/pages tests/verify_student/admin \
	tests/proctoring/compat tests/verify_student/compat tests/access tests/secrets tests/hostile
ON_SCALE = DATABASE_URL='$(dir $(POSTGRES_URL))scale_special_exams' CELERY_BROKER_URL='$(RABBITMQ_URL)'
ON_A_SERVER := -m 'not broker' $(addprefix --ignore=,$(SAME_EVERYWHERE))
LAYERS := build base demo test docs quality services bench fuzz
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"$$/\1/p' proctoring/__init__.py)
VERSION_RE = $(subst .,[.],$(VERSION))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two targets never install into the environment at the same time.
.NOTPARALLEL:

##@ Running

.PHONY: help
help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(VENV)/.installed-demo  ## play the story, then serve the demo LMS and the vendor simulator
	$(BIN)/python -m demo up

.PHONY: demo-story
demo-story: $(VENV)/.installed-demo  ## play the story; fails saying which step failed
	$(BIN)/python -m demo story

.PHONY: scale-demo
scale-demo: $(VENV)/.installed-services  ## the demo in several processes, on POSTGRES_URL's server and RABBITMQ_URL
	$(ON_SCALE) $(BIN)/python -m demo scale

.PHONY: scale-demo-story
scale-demo-story: $(VENV)/.installed-services  ## the same; ends with the story, and fails saying which step failed
	$(ON_SCALE) $(BIN)/python -m demo scale --story-only

##@ Testing

.PHONY: test
test: $(VENV)/.installed-test  ## all tests that need no service
	$(PYTEST) -n $(WORKERS) --dist worksteal -m '$(NO_SERVICES)' $(PYTEST_ARGS)

.PHONY: coverage
coverage: $(VENV)/.installed-test  ## the same, with the coverage gate; takes half as long again
	$(PYTEST) -n $(WORKERS) --dist worksteal -m '$(NO_SERVICES)' --cov --cov-report=term $(PYTEST_ARGS)

.PHONY: screenshots
screenshots: $(VENV)/.installed-test axe  ## every screen, as pictures in SCREENSHOTS (needs Chromium)
	SCREENSHOTS_DIR='$(abspath $(SCREENSHOTS))' $(PYTEST) -n $(WORKERS) --dist worksteal tests/browser $(PYTEST_ARGS)
	@echo 'The pictures are in $(SCREENSHOTS).'

.PHONY: axe
axe: tests/browser/axe/node_modules/.package-lock.json  ## the accessibility rules that tests/browser uses (needs npm)

tests/browser/axe/node_modules/.package-lock.json: tests/browser/axe/package-lock.json
	npm ci --prefix tests/browser/axe --no-audit --no-fund --loglevel error

.PHONY: test-services
test-services: test-postgresql test-mariadb test-redis test-rabbitmq  ## the same tests on two databases, then Celery through two brokers

.PHONY: test-postgresql
test-postgresql: $(VENV)/.installed-services  ## the tests on PostgreSQL (POSTGRES_URL)
	DATABASE_URL='$(POSTGRES_URL)' $(PYTEST) -n $(WORKERS) --dist worksteal $(ON_A_SERVER) $(addprefix --ignore=,$(PAGES)) \
		$(PYTEST_ARGS)

.PHONY: test-mariadb
test-mariadb: $(VENV)/.installed-services  ## the tests on MariaDB (MARIADB_URL)
	DATABASE_URL='$(MARIADB_URL)' $(PYTEST) -n $(WORKERS) --dist worksteal $(ON_A_SERVER) $(addprefix --ignore=,$(DOORS) $(PAGES)) \
		$(PYTEST_ARGS)

.PHONY: test-redis
test-redis: $(VENV)/.installed-services  ## Celery through Redis (REDIS_URL)
	DATABASE_URL='$(POSTGRES_URL)' CELERY_BROKER_URL='$(REDIS_URL)' $(PYTEST) -m broker $(PYTEST_ARGS) tests/journeys

.PHONY: test-rabbitmq
test-rabbitmq: $(VENV)/.installed-services  ## Celery through RabbitMQ (RABBITMQ_URL)
	DATABASE_URL='$(MARIADB_URL)' CELERY_BROKER_URL='$(RABBITMQ_URL)' $(PYTEST) -m broker $(PYTEST_ARGS) tests/journeys

.PHONY: faults
faults: $(VENV)/.installed-services  ## 2,000 attempts, 500 verifications, and everything breaks; needs PostgreSQL's and FAULTS_BROKER's programs
	$(BIN)/python -m tests.faults --broker $(FAULTS_BROKER) $(FAULTS_ARGS)

.PHONY: faults-short
faults-short: $(VENV)/.installed-services  ## the same with 150 and 40, every fault once
	$(BIN)/python -m tests.faults --broker $(FAULTS_BROKER) --attempts 150 --verifications 40 --seconds 55 --settle 120 \
		--lease 25 --patience 200 --limit 420 $(FAULTS_ARGS)

.PHONY: bench
bench: $(VENV)/.installed-bench  ## requests a second, against a bare one, on PostgreSQL (POSTGRES_URL's server)
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams_web' $(BIN)/python -m benchmarks.web $(BENCH_ARGS)

.PHONY: bench-profile
bench-profile: $(VENV)/.installed-bench  ## what the requests do: statements, plans, profiles
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams_web' $(BIN)/python -m benchmarks.web --profile $(BENCH_ARGS)

.PHONY: bench-operators
bench-operators: $(VENV)/.installed-services  ## operators' commands over ROWS rows on PostgreSQL (POSTGRES_URL's server)
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams' $(BIN)/python -m benchmarks.operators --rows $(ROWS)

.PHONY: fuzz
fuzz: $(VENV)/.installed-fuzz  ## hostile input to all that takes any: FUZZ_INPUTS of it, in FUZZ_WORKERS processes
	FUZZ_INPUTS='$(FUZZ_INPUTS)' FUZZ_WORKERS='$(FUZZ_WORKERS)' $(BIN)/python -m tests.hostile

.PHONY: bench-photos
bench-photos: $(VENV)/.installed-services  ## photos through verify_student, beside the bare cipher (POSTGRES_URL's server)
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams_photos' $(BIN)/python -m benchmarks.photos $(BENCH_ARGS)

.PHONY: bench-delivery
bench-delivery: $(VENV)/.installed-services  ## outbox and inbox through Redis (its database 5) and RABBITMQ_URL
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams_delivery' $(BIN)/python -m benchmarks.delivery \
		--brokers '$(RABBITMQ_URL)' '$(dir $(REDIS_URL))5' $(BENCH_ARGS)

.PHONY: bench-start
bench-start: $(VENV)/.installed-test  ## what the apps cost a site when it starts
	$(BIN)/python -m benchmarks.start $(BENCH_ARGS)

.PHONY: bench-storage
bench-storage: $(VENV)/.installed-services  ## what a finished attempt takes on the database's disk (POSTGRES_URL's server)
	DATABASE_URL='$(dir $(POSTGRES_URL))bench_special_exams_storage' $(BIN)/python -m benchmarks.storage $(BENCH_ARGS)

.PHONY: capacity
capacity: $(VENV)/.installed-demo  ## cores for so many learners, from the figures of the other benchmarks
	$(BIN)/python -m benchmarks.capacity

.PHONY: soak
soak: $(VENV)/.installed-bench  ## SOAK_MINUTES of load on scale-demo's processes: errors, memory, latency, queues
	$(ON_SCALE) SOAK_MINUTES='$(SOAK_MINUTES)' $(BIN)/python -m benchmarks.soak $(BENCH_ARGS)

.PHONY: messages
messages: $(VENV)/.installed-demo  ## gather the strings of the apps, and compile their catalogues (needs gettext)
	for app in proctoring verify_student; do (cd $$app && for language in $(LANGUAGES); do \
		$(abspath $(BIN))/python -m django makemessages --locale $$language --no-location --no-wrap --verbosity 0 || exit 1; \
		msgfmt --check --output-file locale/$$language/LC_MESSAGES/django.mo locale/$$language/LC_MESSAGES/django.po || exit 1; \
	done) || exit 1; done

.PHONY: check-messages
check-messages: messages  ## the catalogues have every string that there is, and no other
	git diff --exit-code --ignore-matching-lines POT-Creation-Date -- '*.po'

.PHONY: check-migrations
check-migrations: $(VENV)/.installed-demo  ## no model has changed without its migration
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=demo.simulator.settings $(BIN)/python -m django makemigrations --check --dry-run

.PHONY: openapi
openapi: $(VENV)/.installed-test  ## write the APIs' documents anew, from their views
	$(BIN)/python manage.py shell --settings tests.settings --no-imports --command 'from tests.openapi import write; write()'

.PHONY: check-deploy
check-deploy: $(VENV)/.installed-demo  ## Django's deployment checks on the demo's production settings
	@secret() { $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))'; }; \
	SECRET_KEY="$$(secret)" PROCTORING_USER_OBFUSCATION_KEY="$$(secret)" \
	SIMULATOR_CLIENT_SECRET="$$(secret)" LMS_CLIENT_SECRET="$$(secret)" \
	ALLOWED_HOSTS=lms.example LMS_URL=https://lms.example SIMULATOR_URL=https://vendor.example \
	DATABASE_URL=sqlite://:memory: DJANGO_SETTINGS_MODULE=demo.settings_production \
	$(BIN)/python -m django check --deploy --fail-level WARNING

##@ Quality

.PHONY: quality
quality: lint types imports templates spelling  ## everything below but the documentation

.PHONY: lint
lint: $(VENV)/.installed-quality  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.installed-quality  ## mypy, with the settings of each Django project
	DJANGO_SETTINGS_MODULE=demo.settings $(BIN)/mypy --exclude '^demo/simulator/'
	DJANGO_SETTINGS_MODULE=demo.simulator.settings $(BIN)/mypy --cache-dir .mypy_cache/simulator demo/simulator

.PHONY: imports
imports: $(VENV)/.installed-quality  ## import-linter: who may import whom
	$(BIN)/lint-imports --no-logo

.PHONY: templates
templates: $(VENV)/.installed-quality  ## djlint: format and rules
	$(BIN)/djlint --check proctoring verify_student demo examples
	$(BIN)/djlint --lint proctoring verify_student demo examples

.PHONY: spelling
spelling: $(VENV)/.installed-quality  ## codespell
	$(BIN)/codespell

.PHONY: docs
docs: $(VENV)/.installed-docs  ## the documentation, into docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

##@ Releasing

.PHONY: dist
dist: $(VENV)/.installed-quality  ## source distribution and wheel, into dist/
	rm -rf build dist *.egg-info
	$(BIN)/python -m build --no-isolation --outdir dist .

.PHONY: release-check
release-check: release-notes check-messages check-migrations check-deploy quality docs coverage dist  ## all that holds before a release
	@echo 'dist/ may be published. Afterwards: git tag -s v$(VERSION)'

.PHONY: release-notes
release-notes:  ## nothing is uncommitted, and the changelog has a section for this version
	@test -z "$$(git status --porcelain)" || { echo 'There are changes that are not committed:' >&2; git status --short >&2; exit 1; }
	@grep -qE '^$(VERSION_RE)( |$$)' CHANGELOG.rst || { \
		echo 'CHANGELOG.rst has no section for $(VERSION), the version in proctoring/__init__.py.' >&2; exit 1; }

##@ Working

.PHONY: format
format: $(VENV)/.installed-quality  ## put sources and templates into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	-$(BIN)/djlint --reformat --quiet proctoring verify_student demo examples

.PHONY: venv
venv: $(VENV)/.installed-quality  ## the environment with everything but the database drivers

.PHONY: requirements
requirements: $(VENV)/.installed-quality  ## compile requirements/*.in; UPGRADE=--upgrade takes the newest releases
	cd requirements && for layer in $(LAYERS); do \
		$(abspath $(BIN))/python -m piptools compile --quiet $(UPGRADE) --strip-extras --allow-unsafe --no-header \
			--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
			--output-file $$layer.txt $$layer.in || exit 1; \
	done

.PHONY: clean
clean:  ## remove all that was made
	rm -rf $(VENV) .demo .screenshots .tox .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -rf build dist docs/_build htmlcov staticfiles *.egg-info

# The environment: one stamp a layer, so that a second run installs nothing.

$(VENV)/.created:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
		echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than Python 3.11. Name a newer one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: install its venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }
	'$(PYTHON)' -m venv --clear '$(VENV)'
	@touch $@

$(VENV)/.installed-demo: $(VENV)/.created requirements/build.txt requirements/base.txt requirements/demo.txt requirements/base.in setup.py
	$(PIP) -r requirements/build.txt
	$(PIP) -r requirements/base.txt -r requirements/demo.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed-demo requirements/test.txt
	$(PIP) -r requirements/test.txt
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed-test requirements/docs.txt
	$(PIP) -r requirements/docs.txt
	@touch $@

$(VENV)/.installed-quality: $(VENV)/.installed-docs requirements/quality.txt
	$(PIP) -r requirements/quality.txt
	@touch $@

$(VENV)/.installed-services: $(VENV)/.installed-test requirements/services.txt
	$(PIP) -r requirements/services.txt
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-services requirements/bench.txt
	$(PIP) -r requirements/bench.txt
	@touch $@

$(VENV)/.installed-fuzz: $(VENV)/.installed-services requirements/fuzz.txt
	$(PIP) -r requirements/fuzz.txt
	@touch $@
