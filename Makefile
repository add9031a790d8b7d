# Two commands set everything up on a fresh machine: make demo, make test. See INTERFACES in docs/commands.md.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Python 3.13 where it runs (a shim on PATH may not), else the python3 there is.
PYTHON ?= $(shell python3.13 -c '' >/dev/null 2>&1 && echo python3.13 || echo python3)
BIN := .venv/bin
HTMX := layers/core/hearback/web/static/vendor/htmx.min.js
export HEARBACK_PORT ?= 8765
export HEARBACK_HOME ?= ./.hearback

.PHONY: help setup demo test proof peers check bench bench-reading bench-latency bench-first-sync model model-card deploy clean

help: ## What can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready $(HTMX) ## Virtual environment in .venv and the browser library

demo: setup ## The whole system on simulated mailboxes; prints a line "ready http://…"
	@exec $(BIN)/hearback demo

test: setup .venv-deploy/.ready .venv-emulator/.ready ## All tests, the browser's and the deployment's included
	@tools/chromium.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

proof: setup ## Longer proofs: the same properties with many more examples, and a thousand schedules of faults
	HEARBACK_PROOF=1 $(BIN)/python -m pytest -n 2 tests/pipeline tests/contract tests/reading tests/mailboxes tests/faults

peers: setup ## Hearback against a Gmail emulator by other hands (needs Node.js; a minute and a half)
	@tools/fetch_peers.sh
	$(BIN)/python -m pytest tests/peers

check: setup .venv-deploy/.ready ## Lint, types, import contracts, templates: what CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint template.yaml
	SAM_CLI_TELEMETRY=0 .venv-deploy/bin/sam validate --lint --region eu-central-1
	$(BIN)/python tools/check_tree.py

bench: setup ## Benchmarks; figures are printed, nothing is asserted
	@for each in $(filter-out bench/reading.py bench/card.py bench/latency.py bench/first_sync.py,$(wildcard bench/*.py)); do echo "== $$each"; $(BIN)/python $$each; done

bench-reading: setup ## How right reading is, on mail the weights have not seen, beside two baselines
	$(BIN)/python bench/reading.py $(FILES)

bench-latency: setup ## From a push to the page, every answer of Google's taking 100 ms (nine minutes; PUSHES=500)
	$(BIN)/python bench/latency.py $(PUSHES)

bench-first-sync: setup ## A first sync of 10,000 messages under Gmail's quota, provider time simulated (some minutes)
	$(BIN)/python bench/first_sync.py $(MESSAGES)

model-card: .venv-train/.ready ## Pictures of docs/model-card.md for blind rounds (FILES="…")
	.venv-train/bin/python bench/card.py $(FILES)

model: .venv-train/.ready ## Train the shipped weights again from corpus/ (first stage: seconds; second: about an hour)
	.venv-train/bin/python tools/train_model.py
	.venv-train/bin/python tools/encoder/train.py
	.venv-train/bin/python tools/encoder/export.py

deploy: setup .venv-deploy/.ready ## Build and deploy to your AWS account
	.venv-deploy/bin/sam build && .venv-deploy/bin/sam deploy --guided

clean: ## Remove what was built (not your data)
	rm -rf .aws-sam .build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/.ready: requirements/dev.txt pyproject.toml
	@tools/venv.sh .venv requirements/dev.txt $(PYTHON)
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv-deploy/.ready: requirements/deploy.txt
	@tools/venv.sh .venv-deploy requirements/deploy.txt $(PYTHON)
	@touch $@

# The emulator runs the functions in its own environment: it gets the vendor layer's dependencies too.
.venv-emulator/.ready: requirements/emulator.txt layers/vendor/requirements.txt
	@tools/venv.sh .venv-emulator requirements/emulator.txt $(PYTHON)
	@tools/venv.sh .venv-emulator layers/vendor/requirements.txt $(PYTHON)
	@touch $@

.venv-train/.ready: requirements/train.txt
	@tools/venv.sh .venv-train requirements/train.txt python3.11
	@.venv-train/bin/pip install --quiet torch==2.13.0
	@touch $@

$(HTMX): tools/fetch_static.sh
	@tools/fetch_static.sh
