# The developer commands. They call bootstrap.py, the `jobtally` command and the scripts of frontend/package.json.
PYTHON ?= python3
BIN := .venv/bin
NPM := $(PYTHON) bootstrap.py npm
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help python install install-dev demo serve test browser faults sabotage check check-code check-generated check-web fmt openapi types migration bench hostile

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: python ## Create .venv and build the web app; does nothing if nothing changed
	@$(PYTHON) bootstrap.py install

demo: install ## Run the demo: a plumbing business exports to a stand-in for Xero (ONCE=1: stop after the export)
	@$(BIN)/jobtally demo $(if $(filter 1,$(ONCE)),--once)

serve: install ## Run Jobtally with an embedded database, on http://localhost:8080
	@$(BIN)/jobtally serve

test: check ## Run every check and test but those of `make faults`, on two of the four screens in the browser
	@$(NPM) test
ifdef CHROMIUM
	@$(NPM) run e2e
else
	@echo "The browser tests are skipped: Chromium is not installed (apt-get install chromium)."
endif
	@$(BIN)/pytest -n 2 --ignore tests/faults -m "not exhaustive"

browser: install-dev ## Run the browser tests on all four screens: 1360 and 390 px, light and dark
ifdef CHROMIUM
	@$(NPM) run e2e:all
else
	@echo "The browser tests are skipped: Chromium is not installed (apt-get install chromium)."
endif

faults: install-dev ## Kill and restart real processes, and try every moment of which `make test` tries every fifth
	@$(BIN)/pytest tests/faults
	@$(BIN)/pytest -n 2 --ignore tests/faults -m "exhaustive or hypothesis" --hypothesis-profile exhaustive

sabotage: install-dev ## Take out each guard of "exactly once" and see that a test fails (GUARD=words: only these)
	@$(BIN)/python -m tests.sabotage "$(GUARD)"

check: install-dev ## Run the linters, the type checkers and the checks of generated files
	@$(MAKE) --no-print-directory --jobs 2 --output-sync check-code check-generated check-web

check-code:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy

check-generated:
	$(BIN)/jobtally openapi --check
	$(BIN)/openapi-spec-validator openapi.yaml
	$(BIN)/jobtally migrate --check

check-web:
	@$(NPM) run check
	@$(NPM) run types -- --check

fmt: install-dev ## Format the code and apply automatic fixes
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	@$(NPM) exec -- biome check --write .

openapi: install-dev ## Write openapi.yaml and docs/problems.md from the code, and the web app's types
	$(BIN)/jobtally openapi
	@$(NPM) run types

types: install-dev ## Write the web app's types from openapi.yaml
	@$(NPM) run types

migration: install-dev ## Write a draft of the next migration from the models: make migration m="Add a column"
	@$(BIN)/python migrations "$(m)"

bench: install-dev ## Run the benchmarks and print JSON
	@$(BIN)/python -m bench

hostile: install-dev ## Attack a bare server and print how long another user waits
	@$(BIN)/python -m bench.hostile

install-dev: python
	@$(PYTHON) bootstrap.py install --dev

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt-get install git make python3 python3-venv" >&2; exit 1; }
