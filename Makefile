# One-line aliases of run.py, which needs nothing but Python 3.11.
PYTHON ?= python3

.PHONY: setup demo test check study bench docs
setup demo test check study bench docs:
	@$(PYTHON) run.py $@ $(ARGS)
