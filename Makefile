# make run    open the practice desk (or, with chat credentials, the bot)
# make test   run every check that fits in ten minutes
# make help   the rest

PACKAGING := pyproject.toml .ci/constraints.txt .ci/install
# A folder that was moved or copied has an environment that points elsewhere: it is made again.
ifneq ($(shell cat .venv/made-in 2>/dev/null),$(CURDIR))
MOVED := moved
endif

.PHONY: help install run test torture bench pins clean $(MOVED)

help:
	@echo 'make install  install what is needed into .venv/, with the command .venv/bin/duenotice'
	@echo 'make run      install what is needed into .venv/ and start; the practice desk unless chat credentials are set'
	@echo 'make test     every check: ruff, mypy, the import contracts and the tests'
	@echo 'make torture  the long versions of the tests: kills, power loss, whole lives of cases'
	@echo 'make bench    the measurements in bench/'
	@echo 'make pins     take the newest version of every package into .ci/constraints.txt'
	@echo 'make clean    remove .venv/ and what the tools leave behind; data/ stays'

install: .venv/installed-run

run: .venv/installed-run
	@exec .venv/bin/duenotice run

test: .venv/installed-test
	@.ci/check

torture: .venv/installed-test
	.venv/bin/python -m pytest -n 2 -p tests.not_run -m torture --timeout 7200
	DUENOTICE_TORTURE=1 .venv/bin/python -m pytest -n 2 -p tests.not_run --timeout 7200 tests/lives

bench: .venv/installed-test
	@for each in $$(grep -l __main__ bench/*.py); do name=$${each##*/}; .venv/bin/python -m bench.$${name%.py} || exit 1; done

.venv/installed-run: $(PACKAGING) $(MOVED)
	@.ci/install run

.venv/installed-test: $(PACKAGING) $(MOVED)
	@.ci/install test

pins:
	@.ci/install pins

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	find adapters bench bot storage tests -name __pycache__ -type d -prune -exec rm -rf {} +
