# The words of this project; the work is done by bootstrap.py, the `jobtally` command and frontend/package.json.
PYTHON ?= python3
BIN := .venv/bin
NPM := $(PYTHON) bootstrap.py npm
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help python install install-dev demo serve test check fmt openapi types migration bench

help: ## Show these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: python ## Make .venv and build the app's pages; nothing happens when nothing changed
	@$(PYTHON) bootstrap.py install

demo: install ## Try it: a plumbing business exports to a stand-in for Xero (ONCE=1: stop after the export)
	@$(BIN)/jobtally demo $(if $(filter 1,$(ONCE)),--once)

serve: install ## Run it for yourself, on http://localhost:8080
	@$(BIN)/jobtally serve

test: check ## Every check and test there is
	@$(NPM) test
ifdef CHROMIUM
	@$(NPM) run e2e
else
	@echo "The browser tests are left out: there is no Chromium here (apt-get install chromium)."
endif
	@$(BIN)/pytest -n 2

check: install-dev ## Everything that can be said about the code without running it
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jobtally openapi --check
	$(BIN)/jobtally migrate --check
	@$(NPM) run check
	@$(NPM) run types -- --check

fmt: install-dev ## Format the code and mend what can be mended by itself
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	@$(NPM) exec -- biome check --write .

openapi: install-dev ## Write openapi.yaml as the code has it, and the SPA's types after it
	$(BIN)/jobtally openapi
	@$(NPM) run types

types: install-dev ## Write the SPA's types from openapi.yaml
	@$(NPM) run types

migration: install-dev ## Draft the next migration from the models: make migration m="Add a column"
	@$(BIN)/python migrations "$(m)"

bench: install-dev ## Measure, and print JSON
	@$(BIN)/python -m bench

install-dev: python
	@$(PYTHON) bootstrap.py install --dev

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: apt-get install git make python3 python3-venv" >&2; exit 1; }
