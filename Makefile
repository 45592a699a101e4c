# Every recipe works from the folder it stands in, by relative paths only: make would split a folder name at its spaces.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-stack check lock bench-switchover bench-loss faults fuzz anywhere bc-host
PY := .venv/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

setup: ## make .venv and install the pinned packages (a few minutes the first time, nothing the second)
	@sh scripts/setup.sh

demo: setup ## start everything with a real estate on this machine; prints one URL; Ctrl-C stops it
	@exec $(PY) -m bc_lib.cli up --demo

check: setup ## formatting, types, import directions
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) scripts/lint_imports.py

test: setup ## every test; lists at the end what could not run here
	@$(PY) scripts/run_tests.py $(ARGS)

test-stack: setup ## parts of a whole running Airflow killed, frozen, cleared, and what the run history then says (nothing beside it)
	@$(PY) scripts/run_tests.py -n 0 -m stack tests/faults

lock: setup ## make requirements/*.txt again from requirements/*.in
	@for name in tools runtime celery dev peers; do \
	  .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --quiet --output-file "requirements/$$name.txt" "requirements/$$name.in" || exit 1; \
	done

bench-switchover: setup ## outage of a switchover: bare, Patroni, repmgr, ours; installs the peers into .peers (about 10 minutes)
	@exec $(PY) -m benchmarks.switchover --write $(ARGS)

bench-loss: setup ## the stated loss of 20 failovers against the client's count (about 8 minutes)
	@BC_LOSS_FAILOVERS=$(or $(FAILOVERS),20) $(PY) scripts/run_tests.py tests/faults/waiting_counted_as_loss/test_failovers.py -n 0 -q -s $(ARGS)

faults: setup ## kill campaign: runner and shared database killed at random moments (about 2 hours; ends by Ctrl-C, goes on when run again)
	@exec $(PY) -m benchmarks.campaign --write $(ARGS)

fuzz: setup ## 100,000 answers of a monitored server with one leaf changed each: only its own resource suffers (about 10 minutes)
	@BC_FUZZ_ANSWERS=100000 $(PY) scripts/run_tests.py tests/faults/hostile_answers -n 0 -q -s $(ARGS)

anywhere: setup ## every target in its shortest form in a clone whose folder's name has blanks and quotes (about 5 minutes)
	@exec $(PY) scripts/anywhere.py $(ARGS)

bc-host: setup ## write dist/bc-host, the one file that a database host reached over SSH needs
	@mkdir -p dist && $(PY) -m bc_lib.integrations.host_control.building dist/bc-host
