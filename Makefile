# make run and make test are all a newcomer needs; each sets up what it uses.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Many tests wait for processes and timers: twice as many workers as a small machine has cores. How many a room gets
# stands in tests/kit/early_plugin.py.
WORKERS ?= $(if $(TESTS),auto,4)
STAMP := $(VENV)/.ready
DEV_STAMP := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench import-cases talk-cases chaos failover load release lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: $(STAMP) ## make .venv with the pinned, hashed packages

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; none was found on PATH." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(STAMP): requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(STAMP)
	@echo "Installing the pinned development packages into $(VENV) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

run: setup ## start everything in one process tree, with a WeChat on your desk to try it in
	@$(BIN)/policybot up

test: export PYTHONDONTWRITEBYTECODE := # what one worker compiled serves all the others, and each process that a test starts
test: export QUICK_PROPERTIES := $(if $(TESTS),yes) # one room: see tests/kit/properties.py
test: $(DEV_STAMP) ## the whole test suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

lint: $(DEV_STAMP) ## style, types and floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(DEV_STAMP) ## the five measurements that have a reference; docs/performance.md names the others' commands
	@$(BIN)/python -m bench.messages
	@$(BIN)/python -m bench.search
	@$(BIN)/python -m bench.throughput
	@$(BIN)/python -m bench.recipients
	@$(BIN)/python -m bench.matching

CASES ?= tests/data/import
import-cases: $(DEV_STAMP) ## documents with their right reading: the table of what is read wrong; CASES=DIR
	@$(BIN)/python -m bench.import_cases $(CASES)

talk-cases: CASES = tests/data/talks/sample.jsonl
talk-cases: $(DEV_STAMP) ## scripted conversations: the turns whose reply is not what is expected; CASES=FILE
	@$(BIN)/python -m bench.talks $(CASES)

chaos: $(DEV_STAMP) ## alerts through kills, restarts and cuts, in full (the tests run a short form)
	@$(BIN)/python -m bench.chaos

failover: $(DEV_STAMP) ## PostgreSQL and Redis fail in every way while alerts go out and people write (the tests run a short form)
	@$(BIN)/python -m bench.failover

load: $(DEV_STAMP) ## a province: a million members, a broadcast to all, 500 messages a second
	@$(BIN)/python -m bench.province

format: $(DEV_STAMP) ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

release: $(DEV_STAMP) ## record this version's schema and statements, which the next one must bear (bench/release.py)
	@$(BIN)/python -m bench.release

lock: ## pin the newest allowed versions again (needs uv)
	@uv pip compile pyproject.toml --extra meaning --group build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	@uv pip compile pyproject.toml --extra meaning --group build --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock

clean: ## remove what make made, but never the data folder
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
