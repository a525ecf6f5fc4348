# The verbs of this house. The first one that needs it sets up .venv by itself, from hashes alone; what the set-up
# says goes to standard error, so that `make -s token` prints a token and nothing else.

.DEFAULT_GOAL := help
.PHONY: help demo test test-meilisearch check serve worker migrate token bench wall-timing reindex audit sbom fuzz docs lock kill backup restore rotate-keys

PYTHON := .venv/bin/python
UV_VERSION := 0.13.9
LOCK_FLAGS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
LOCKS := requirements.lock requirements-uv.lock package-lock.json
# Plugins are named because pytest would otherwise import every one that any dependency brings along.
PYTEST := PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(PYTHON) -m pytest -p xdist -p timeout -p hypothesispytest
# What looks random or is called a password stands in every test; what has the form of a key of some service does not.
SECRETS := --disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString --disable-plugin KeywordDetector \
	--exclude-lines 'name:password@|naam:(woord|ander)'
ARGS ?=
EMAIL ?=
UPGRADE ?=
SECONDS ?= 300

export EMAIL
export UV_PYTHON_DOWNLOADS := never
# Tools that find no home make one called ~ in the checkout.
ifeq ($(HOME),)
export HOME := $(CURDIR)/.venv/home
endif
# Trust what the machine trusts: behind a company's own certificate authority the roots that tools bring fall short.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export PIP_CERT ?= /etc/ssl/certs/ca-certificates.crt
export UV_SYSTEM_CERTS ?= 1
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.synced node_modules/.synced ## Start everything with the demo network on 127.0.0.1:8000; Ctrl-C stops it
	@exec $(PYTHON) main.py demo

test: .venv/.synced node_modules/.synced ## Run all tests, or some: make test ARGS="tests/core -k money"
	@$(PYTEST) -n 2 --dist worksteal $(ARGS)

test-meilisearch: .venv/.synced ## Run the tests of search that need a Meilisearch server, on the one that MEILISEARCH_URL names
	@test -n "$$MEILISEARCH_URL" || { echo 'Which server? Set MEILISEARCH_URL, and MEILISEARCH_API_KEY if it asks for one.' >&2; exit 2; }
	@$(PYTEST) tests/search -k meilisearch $(ARGS)

check: .venv/.synced ## Lint, format, types, floors and templates
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	@if [ -d portal/templates ]; then $(PYTHON) -m djlint portal/templates --quiet --check --lint; fi
	@git ls-files -z -- ':!*.lock' ':!package-lock.json' | xargs -0 .venv/bin/detect-secrets-hook $(SECRETS)
	@if grep -n '://' $(LOCKS); then echo "A lock file names an address; it must name hashes only." >&2; exit 1; fi

serve: .venv/.synced node_modules/.synced ## Serve the portal and the API with the settings of the environment
	@exec $(PYTHON) main.py serve

worker: .venv/.synced ## Work off the jobs; as many at once as you like
	@exec $(PYTHON) main.py worker

migrate: .venv/.synced ## Bring the database to the newest version
	@exec $(PYTHON) main.py migrate

rotate-keys: .venv/.synced ## Wrap keys under the first of the master keys, while all runs; ARGS=--new-tenant-keys
	@exec $(PYTHON) main.py rotate-keys $(ARGS)

token: .venv/.synced ## Print an API token: make -s token EMAIL=ba@demo.test
	@test -n "$$EMAIL" || { echo 'Whose? make -s token EMAIL=ba@demo.test' >&2; exit 2; }
	@exec $(PYTHON) main.py token "$$EMAIL"

bench: .venv/.synced ## Measure; prints a table and writes JSON; a part: make bench ARGS=search, or ARGS=million
	@exec $(PYTHON) -m bench $(ARGS)

backup: .venv/.synced ## Write the database to a sealed file and prove it by a restore: make backup ARGS=/mnt/backups
	@exec $(PYTHON) main.py backup $(ARGS)

restore: .venv/.synced ## Fill an empty database from a backup: make restore ARGS=file.backup
	@exec $(PYTHON) main.py restore $(ARGS)

kill: .venv/.synced ## Kill, cut and fill whatever runs while people work: make kill ARGS="--rounds 100 --seed 7"
	@exec $(PYTHON) -m tests.kill $(ARGS)

wall-timing: .venv/.synced ## Ask whether open roles can tell worlds apart by how long answers take: 1,000 of each, some minutes
	@$(PYTEST) tests/wall/timing_report.py -s $(ARGS)

reindex: .venv/.synced ## Build the search index anew beside the old one, or go on with that
	@exec $(PYTHON) main.py reindex

audit: .venv/.synced sbom ## Look for known holes in what is installed, list licences; says so where it cannot look
	@$(PYTHON) -m supply

sbom: .venv/.synced ## Write the bill of materials (CycloneDX) to .data/sbom.cdx.json
	@mkdir -p .data
	@.venv/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o .data/sbom.cdx.json $(PYTHON)
	@echo 'The bill of materials is in .data/sbom.cdx.json.'

fuzz: .venv/.synced ## Ask the API, the readers and the model nonsense for minutes: make fuzz SECONDS=600
	@FUZZ_SECONDS=$(SECONDS) $(PYTEST) -s --timeout 7200 tests/fuzz $(ARGS)

docs: .venv/.synced ## Write the page of who may do what
	@$(PYTHON) main.py docs

lock: .venv/.uv ## Write the lock files anew; UPGRADE=1 takes newer versions
	.venv/bin/uv pip compile $(LOCK_FLAGS) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -o requirements.lock
	echo 'uv==$(UV_VERSION)' | .venv/bin/uv pip compile $(LOCK_FLAGS) - -o requirements-uv.lock
	npm $(if $(UPGRADE),update,install) --package-lock-only

.venv/.synced: requirements.lock .venv/.uv
	@echo 'Installing the locked packages ...' >&2
	@.venv/bin/uv pip sync --quiet --require-hashes --python $(PYTHON) requirements.lock >&2
	@touch $@

.venv/.uv: requirements-uv.lock
	@python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo 'Python 3.11 or newer with venv is needed; on Debian: apt-get install python3-venv' >&2; exit 1; }
	@python3 -m venv .venv >&2
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock >&2
	@touch $@

# Every page works without JavaScript, so a machine without npm, or without a way to its registry, is no reason to stop.
node_modules/.synced: package-lock.json .npmrc
	@if ! command -v npm >/dev/null; then \
		echo 'Going on without htmx: npm is not installed.' >&2; \
	elif timeout --foreground 180 npm ci --ignore-scripts >/dev/null 2>&1; then \
		touch $@; \
	else \
		echo 'Going on without htmx: npm ci failed.' >&2; \
	fi
