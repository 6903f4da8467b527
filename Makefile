# make run    set up and open the sample city
# make test   set up with the test extras; lint, types and the whole suite
# make bench  speed and memory, measured
# make bench-peers  the same jobs by QGIS, where it is installed

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SETUP := pyproject.toml constraints.txt tools/make_venv.sh tools/system_packages.sh

.PHONY: run test lint bench bench-peers pictures clean

run: $(VENV)/.ready-to-run
	$(BIN)/gisapp demo

test: $(VENV)/.ready-to-test lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto

lint: $(VENV)/.ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.ready-to-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks

bench-peers: $(VENV)/.ready-to-test
	$(BIN)/python -m benchmarks bench_peers

pictures: $(VENV)/.ready-to-test
	$(BIN)/python tools/screenshots.py

$(VENV)/.ready-to-run: $(SETUP)
	@tools/system_packages.sh run
	@tools/make_venv.sh $(VENV)
	@echo "Installing gisapp and the libraries it needs into $(VENV)."
	$(INSTALL) -e .
	@$(BIN)/python -m compileall -q gisapp sample_data
	@touch $@

$(VENV)/.ready-to-test: $(SETUP)
	@tools/system_packages.sh test
	@tools/make_venv.sh $(VENV)
	@echo "Installing gisapp with what its tests need into $(VENV)."
	$(INSTALL) -e ".[test]"
	@touch $@ $(VENV)/.ready-to-run

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
