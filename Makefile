# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

# Compiled modules are kept: without them every process compiles 3,000 files again, 8 seconds of work.
export PYTHONDONTWRITEBYTECODE =

.PHONY: install run test lint bench schoon

install: $(VENV)/.klaar

$(VENV)/.klaar: constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Stimulans needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet uv==0.13.9 || true
	$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r constraints.txt \
		|| $(PY) -m pip install --quiet --require-hashes -r constraints.txt
	touch $@

run: install
	STIMULANS_DEMO=1 $(PY) manage.py start

test: install
	$(PY) -m pytest -n auto --dist loadscope --no-loadscope-reorder $(TESTS)

lint: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(VENV)/bin/mypy

bench: install
	$(PY) bench/alles.py

schoon:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache
