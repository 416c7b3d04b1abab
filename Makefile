# The commands of the repository; `make` alone lists them. Each sets up what it needs in .venv, and does so again only when
# pyproject.toml or constraints.txt change. Nothing is installed outside .venv.

PYTHON ?= python3
OUT ?= replication
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --constraint constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help set-up replicate replicate-check test crosscheck bench docs lint lint-style lint-types lint-layers format clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

set-up: $(STAMP)-lint $(STAMP)-docs $(STAMP)-models $(STAMP)-test  ## install what all commands but bench need, so that they may run side by side

replicate: $(STAMP)-models  ## reproduce the papers' exhibits: pages and scoreboard in replication/ (or OUT=folder)
	$(BIN)/tradewinds replicate --out "$(OUT)"

replicate-check: $(STAMP)-models  ## did any number move? against the stored scoreboard (ARGS=folder: one already made)
	$(BIN)/python -m tradewinds.replications --check $(ARGS)

test: $(STAMP)-test  ## run the tests, two files at a time (ARGS="-k weights" to choose)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

crosscheck: $(STAMP)-test  ## compare perfect foresight with Dynare, run anew where it is installed
	$(BIN)/python -m pytest tests/crosscheck
	$(BIN)/python tests/crosscheck/make_reference.py --check

bench: $(STAMP)-bench  ## measure speed against its goals and against other libraries
	$(BIN)/python -m benchmarks

docs: $(STAMP)-docs  ## build the documentation in docs/_build/html and run its examples
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs docs/_build/html
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b doctest docs docs/_build/doctest
	@echo "docs/_build/html/index.html"

lint: lint-style lint-types lint-layers  ## check style, types and the order of the floors

lint-style: $(STAMP)-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-types: $(STAMP)-lint
	$(BIN)/mypy

lint-layers: $(STAMP)-lint
	$(BIN)/lint-imports

format: $(STAMP)-lint  ## mend style where it can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what the commands made, but for .venv
	rm -rf replication build dist docs/_build docs/reference/generated
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. One stamp an extra, so that `make replicate` does not wait for the tools of `make lint`.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("tradewinds needs Python 3.11 or later; name one: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(STAMP)-core: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(STAMP)-%: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable ".[$*]"
	@touch $@
