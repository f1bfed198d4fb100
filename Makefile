# The only front door. `make` prints what each target does.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder  # tests without servers, on every core
SERVERS := -n 3 --dist loadfile --no-loadscope-reorder --durations 20  # they wait more than they work
BESIDE :=  # how tests run that fill the time in which others wait: with ports of their own, and after those others

# Tests start some hundred processes: none should read every module from its source again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo up test unit check format schemas verify lock bench year nightly mutation audit sbom clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Set up the virtual environment from the hash-locked requirements

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"Onward needs Python 3.11 or later; this is {sys.version.split()[0]}. Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv module: on Debian, apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(INSTALLED) ## Play a synthetic day on real Kafka and PostgreSQL, and check the books
	$(BIN)/onward demo

up: $(INSTALLED) ## Start Kafka, PostgreSQL and every service; Ctrl-C stops them. ARGS="--kafka-port 9092"
	$(BIN)/onward up $(ARGS)

test: check ## Everything: checks, unit, contract, architecture, integration and fault tests
	@echo "The tests with servers, and beside them those without; each kind is told when it has ended."
	@$(MAKE) --no-print-directory --jobs=2 --output-sync BESIDE="env TESTS_BESIDE=1 nice -n 5" servers unit

.PHONY: servers
servers: $(INSTALLED)
	$(BIN)/pytest tests/integration tests/chaos -m "not bench and not nightly" $(SERVERS)

unit: $(INSTALLED) ## Only the tests that need no server (seconds)
	$(BESIDE) $(BIN)/pytest tests/unit tests/contract tests/architecture -m "not bench and not nightly" $(SPREAD)

check: $(INSTALLED) ## Formatting, lint, types, layers, generated files
	@$(MAKE) --no-print-directory --jobs=2 --output-sync pyright verify mypy style

.PHONY: mypy pyright style
mypy:
	$(BIN)/mypy

pyright:
	$(BIN)/pyright

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint deploy/Dockerfile

format: $(INSTALLED) ## Format and mend what can be mended
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

schemas: $(INSTALLED) ## Write the generated files: schemas, types, the page of words
	$(BIN)/python -m onward.cli.generated

verify: $(INSTALLED) ## Fail if a generated file is out of date, or a released schema is broken
	$(BIN)/python -m onward.cli.generated --check
	cd tests && ../$(BIN)/python -m released.run

lock: $(INSTALLED) ## Lock the dependencies again, with hashes and without index addresses
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/runtime.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra local --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/local.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra local --extra authors --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/dev.txt
	$(BIN)/uv pip compile -q --group audit --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/audit.txt

bench: $(INSTALLED) ## Print the figures: CPU, memory, throughput and latency, beside named peers
	$(BIN)/pytest tests/bench -m bench -s

year: $(INSTALLED) ## Write an archive of made-up situations for `onward rules impact`: OUT=year SITUATIONS=5000
	@PYTHONPATH=tests $(BIN)/python -m bench.national_year $(OUT) $(SITUATIONS) $(ARGS)

nightly: $(INSTALLED) ## The long tests: the index against the plain evaluator a million times, and more (minutes)
	$(BIN)/pytest tests -m nightly $(SPREAD) --timeout 3600
	$(BIN)/pytest tests/unit tests/contract tests/integration/people -m "not bench and not nightly" \
		--hypothesis-profile fresh $(SPREAD)

mutation: $(INSTALLED) ## Change the rule engine and its loader in thousands of ways: does a test notice? MODULES="kleene index"
	nice $(BIN)/python tests/mutation/run.py $(MODULES)

AUDIT := $(VENV)-audit/.installed

$(AUDIT): requirements/audit.txt
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	@touch $@

audit: $(AUDIT) ## Known vulnerabilities of what an image has; fails too if any was not looked at. Needs the network
	@$(VENV)-audit/bin/pip-audit --requirement requirements/runtime.txt --require-hashes --disable-pip --format json \
		| $(PYTHON) tests/supply/audited.py requirements/runtime.txt

sbom: $(AUDIT) ## Write what an image has as CycloneDX: sbom.json
	$(VENV)-audit/bin/cyclonedx-py requirements requirements/runtime.txt --output-reproducible --of JSON -o sbom.json

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) $(VENV)-audit sbom.json .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
