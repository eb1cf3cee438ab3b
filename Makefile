# check: style and types; test: the suite in at most 5 minutes of processor time; test-all: the whole suite, long runs
# included; bench: the tables of benchmarks/; docs: the documentation site in build/site; build: sdist and wheel.
PYTHON ?= .venv/bin/python

.PHONY: check test test-all bench build accuracy pictures notebooks docs docs-tables

check:
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

test:
	$(PYTHON) -m pytest

# Before an issue is closed: every row of the grids, and the runs that are marked `long`.
test-all:
	ADCLI_TESTS=all $(PYTHON) -m pytest

bench:
	for script in startup size gradient calls eager scalar_backend code batch modes tables diff derivatives; do $(PYTHON) benchmarks/$$script.py || exit 1; done

docs:
	$(PYTHON) -m sphinx -W --keep-going -q -c docs -d build/doctrees . build/site
	@echo open build/site/index.html

build:
	$(PYTHON) -m build

# After a change of a kernel or a rule: measure the errors that `adcli functions` prints.
accuracy:
	$(PYTHON) -m tests.accuracy.measure

# After a change of what pictures look like: draw those of the documentation anew.
pictures:
	$(PYTHON) docs/pictures/draw.py

# After a change of what a notebook shows: execute those of the documentation anew.
notebooks:
	$(PYTHON) docs/notebooks/execute.py

# After a change of a command, an option, a format, a target, a kind, a function or an error: write their tables in the documentation.
docs-tables:
	$(PYTHON) docs/generate.py
