# One door. Every target does the set-up it needs, skips what is up to date, and can be interrupted and run again.
# ARGS is handed on: `make demo ARGS=--json`, `make test ARGS='-k poseidon'`.
RUN := sh tools/setup/run.sh
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test check bench fuzz circuits programs native wheels anchor docs lock clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

setup: ## everything that tests and the command need
	@$(RUN) setup

demo: ## set-up, then `anomi demo`: real proofs, accepted and refused by the real program
	@$(RUN) demo $(ARGS)

test: ## set-up, then the checks, every test, and the demo against its schema
	@$(RUN) test $(ARGS)

check: ## linters, types, formats, import rules, generated files, tidiness
	@$(RUN) check

bench: ## measured compute units (`ARGS=prove` for proof times)
	@$(RUN) bench $(ARGS)

fuzz: ## the programs against a model, from fresh seeds (`ARGS=parsers` for the readers of files; FUZZ_MINUTES=10)
	@$(RUN) fuzz $(ARGS)

circuits: ## compile every circuit of spec/circuits.toml into build/circuits
	@$(RUN) circuits

programs: ## build the on-chain programs into build/programs
	@$(RUN) programs

native: ## build the native prover and install it into .venv
	@$(RUN) native

wheels: ## both wheels of the distribution, into build/wheels
	@$(RUN) wheels

anchor: ## compile the Anchor example for the host (a minute; no part of `make test`)
	@$(RUN) anchor

docs: ## write the generated reference pages again
	@$(RUN) docs

lock: ## make the lock files again (`ARGS=--upgrade` to move to newer versions)
	@$(RUN) lock $(ARGS)

clean: ## remove what set-up and builds made in this clone; the per-user cache stays
	@$(RUN) clean
