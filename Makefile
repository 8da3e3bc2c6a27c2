# Two commands run Parley: `make run`, and Ctrl-C. What each target does is in CONTRIBUTING.md.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
WORKERS := $(shell expr $$(nproc) \* 3 / 2) # of pytest: half of the time they wait for servers

.PHONY: run setup setup-tests check test soak chaos bench bench-mail bench-peers lock client
.DEFAULT_GOAL := run

run: setup ## set up what is missing, then start everything
	@exec $(BIN)/parley up --stop-with-parent

setup: ## set up what is missing
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer (Debian 12: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m parley.bootstrap

setup-tests: ## set up what is missing, and what the tests need
	@test -n "$(PYTHON)" || { echo "Parley needs Python 3.11 or newer (Debian 12: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m parley.bootstrap --tests

check: setup ## everything that is read and not run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run check

test: setup-tests ## everything that is run; what listens or speaks in real time has the machine to itself
	$(BIN)/pytest -n $(WORKERS) -m "not system"
	$(BIN)/pytest -m system
	cd web && npm test
	cd web && npm run e2e

soak: setup ## half a million requests of raw bytes; about half an hour
	$(BIN)/python -m tests.api.test_raw_bytes --count 500000

chaos: setup-tests ## 5,000 mails through hostile servers, 200 killed senders, 10,000 histories; about ten minutes
	$(BIN)/python -m tests.jobs.test_hostile_servers --count 5000 --into benchmarks/results/hostile_mail.json
	$(BIN)/python -m tests.jobs.test_killed_sender --count 200 --into benchmarks/results/killed_senders.json
	$(BIN)/python -m tests.notifications.test_histories --count 10000 --into benchmarks/results/histories.json

bench: setup ## the 16 scripted calls, spoken; figures in benchmarks/results
	$(BIN)/python -m benchmarks

bench-mail: setup ## how fast mail goes out, beside plain aiosmtplib.send
	$(BIN)/python -m benchmarks.mail

bench-peers: setup ## beside two livekit-agents programs, by an independent meter; PEERS_PYTHON has their packages
	$(BIN)/python -m benchmarks.peers --python $(or $(PEERS_PYTHON),$(BIN)/python)

lock: setup ## requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --only-binary :all: --override overrides.txt -o requirements.lock

client: ## the page's types anew from the API
	$(BIN)/python -m api.contract > web/openapi.json
	cd web && npm run client
