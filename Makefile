# Every target sets up what it needs by itself, once, and says what it does and how long it took.
# The work is in tools/; CONTRIBUTING.md tells the rest.

.DEFAULT_GOAL := help
.PHONY: help run run-postgres release watch test soak lint e2e fuzz fmt clean

ARGS ?=

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Build the release and serve it on http://127.0.0.1:3000 (ARGS="--help" for its options)
	@tools/run $(ARGS)

run-postgres: ## The same over a PostgreSQL of its own, which it starts and ends
	@tools/run-postgres $(ARGS)

release: ## Build the release: one binary that holds the page
	@tools/release

watch: ## Build for development, serve, and reload the browser at every change
	@tools/watch $(ARGS)

test: ## Everything that CI checks: format, lints, licences, tests, and the pages in a real browser
	@tools/test

soak: ## The fault tests at length: TIMES=25 times as often as in test, SEEDS=1..20000 of the simulation
	@tools/soak $(ARGS)

lint: ## The checks that need no build of the release: format, lints, licences, colours
	@tools/lint

e2e: ## Only the tests in a real browser (ARGS="--ui", or a file's name)
	@tools/e2e $(ARGS)

fuzz: ## Made-up input for whatever reads the outside's words, 60 s each (ARGS="600 http_body": longer, one of them)
	@tools/fuzz $(ARGS)

fmt: ## Format the code
	@tools/fmt

clean: ## Remove what was built; the tools in target/tools stay
	@tools/clean
