# The two commands that do everything on a fresh machine (Debian or Ubuntu with Python 3.11+, its venv module, and make):
#   make demo    play the race on a loopback newsroom and show what analysts would see
#   make test    run the tests
# The rest is for developers: make torture, make lint, make types, make docs, make clean.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test torture lint types docs clean
.DEFAULT_GOAL := demo

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Orbitwatch needs Python 3.11 or newer: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv module is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[report,notify,backfill,raw,s3]' --group dev
	@# Where PYTHONDONTWRITEBYTECODE is set every run would compile these anew: half a second.
	$(BIN)/python -m compileall -q crawler pipelines
	@touch $(READY)

demo: $(READY)
	$(BIN)/orbitwatch demo

test: $(READY)
	$(BIN)/python -m pytest

# The long forms of the store's crash, power-cut, I/O-error and reader tests; prints the table of figures. An hour.
torture: $(READY)
	ORBITWATCH_TORTURE=1 $(BIN)/python -m pytest tests/pipelines/store

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/scrapy-lint

types: $(READY)
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/examples.py

clean:
	rm -rf $(VENV) demo-data .pytest_cache .mypy_cache .ruff_cache .hypothesis
