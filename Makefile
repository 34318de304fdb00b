# Every install and start step lives here or in `qazaq-house start`; the image and CI call the same ones.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
DATA_DIR ?= var
WORKERS ?= auto
export PORT DATA_DIR

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-strip-extras --python-version 3.11
PACKAGES = matching service migrations tests

.PHONY: help demo demo-data serve test coverage check production production-check lock openapi messages bench clean
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.created
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)/.installed-bench: requirements-bench.lock $(VENV)/.installed-dev
	$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	touch $@

demo: $(VENV)/.installed ## Install, fill with fictional businesses, serve and show a match list
	@$(BIN)/qazaq-house demo

demo-data: $(VENV)/.installed ## Install and fill, without serving
	@$(BIN)/qazaq-house demo-data

serve: $(VENV)/.installed ## Migrate the database and serve
	@$(BIN)/qazaq-house start

# Compiled once before the tests, machine code is not made by each worker.
test: $(VENV)/.installed-dev ## Install and run every test
	$(BIN)/python -m matching.warm
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

coverage: $(VENV)/.installed-dev ## Run every test and show what none of them reached
	$(BIN)/python -m matching.warm
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

check: $(VENV)/.installed-dev ## Style, types, import rules, the API's description and the translations
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/qazaq-house openapi --check openapi/v1.json
	$(BIN)/python -m service.web.catalogues check

production: ## Install what production needs, nothing else, as the image does
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --no-cache-dir --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-cache-dir --no-deps --no-build-isolation .
	cd $(VENV) && bin/python -m matching.warm

production-check: ## Install as the image does, start as the image does, ask for its health
	$(PYTHON) -m tests.production_check

lock: $(VENV)/.installed-dev ## Pin the newest versions that fit
	$(LOCK) --upgrade --group build pyproject.toml --output-file requirements.lock
	$(LOCK) --upgrade --constraints requirements.lock --group dev pyproject.toml --output-file requirements-dev.lock
	$(LOCK) --upgrade --constraints requirements.lock --constraints requirements-dev.lock --group bench pyproject.toml --output-file requirements-bench.lock

openapi: $(VENV)/.installed ## Write the API's description
	$(BIN)/qazaq-house openapi openapi/v1.json

messages: $(VENV)/.installed-dev ## Bring new sentences into the translation catalogues
	$(BIN)/python -m service.web.catalogues update

bench: $(VENV)/.installed-bench ## Install the peers and run the benchmarks that need no outside data
	$(BIN)/python -m tests.benchmarks.bulk_import
	$(BIN)/python -m tests.benchmarks.topk --to docs
	$(BIN)/python -m tests.benchmarks.single_query --to docs
	$(BIN)/python -m tests.benchmarks.analysis
	$(BIN)/python -m tests.benchmarks.inflection
	$(BIN)/python -m tests.benchmarks.live_index
	$(BIN)/python -m tests.benchmarks.cost_model
	$(BIN)/python -m tests.benchmarks.allocation
	$(BIN)/python -m tests.benchmarks.timetable
	$(BIN)/python -m tests.benchmarks.papers
	$(BIN)/python -m tests.benchmarks.forum_road

clean: ## Remove what was installed; data stays
	rm -rf $(VENV) build dist *.egg-info
