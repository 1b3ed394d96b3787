# Every task of the project, by name. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# wrangler and wasm-opt are scripts that start the first `node` they find.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
export WRANGLER_SEND_METRICS := false
export WRANGLER_HIDE_BANNER := true
export CLOUDFLARE_CF_FETCH_ENABLED := false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: help
help: ## List every target.
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install what is missing: wasm target, Node, JavaScript tools, worker-build, wasm-bindgen, Chromium.
	@tools/setup.sh

.PHONY: setup-build
setup-build:
	@tools/setup.sh --no-browser

.PHONY: dev
dev: setup-build ## Run the product and its stand-ins here, and print the two addresses; Ctrl-C stops everything.
	@node tools/dev.mjs $(ARGS)

.PHONY: demo
demo: setup-build ## Train a model and make four pictures over HTTP; ARGS=--webhooks=dropped or =doubled.
	@node tools/demo.mjs $(ARGS)

.PHONY: test
test: setup ## Run every test layer and print the counts in one line.
	@node tools/test.mjs unit contract simulation workerd browser

.PHONY: test-unit
test-unit: setup-build ## Run the unit tests: one rule each, in the file they are about.
	@node tools/test.mjs unit

.PHONY: test-contract
test-contract: setup-build ## Run the contract tests over the platform in memory and the stand-ins, and the rules of docs/.
	@node tools/test.mjs contract

.PHONY: simulate
simulate: setup-build ## Run seeded histories of the whole product; SEEDS=n, SEED=n for one of them, ARGS=--bugs.
	@cargo test --quiet --locked --test simulation -- $(if $(SEED),--seed $(SEED),$(if $(SEEDS),--seeds $(SEEDS))) $(ARGS)

.PHONY: test-workerd
test-workerd: setup-build ## Run the built wasm on real workerd, over real HTTP.
	@node tools/test.mjs workerd

.PHONY: test-browser
test-browser: setup ## Run what a person does, in Chromium, with an accessibility scan.
	@node tools/test.mjs browser

.PHONY: coach
coach: setup ## Show the sample photos to the photo coach, in Chromium; ARGS=folder for other photos.
	@node tools/coach.mjs $(ARGS)

.PHONY: faults
faults: setup-build ## Run every endpoint that calls a provider with every fault of the stand-ins; ARGS=--lane=create.
	@node tools/faults.mjs $(ARGS)

.PHONY: load
load: setup-build ## Run a minute of mixed traffic with providers in trouble; ARGS=--seconds=10.
	@node tools/load.mjs $(ARGS)

.PHONY: conformance
conformance: setup-build ## Hold the built Worker against its OpenAPI document with schemathesis; ARGS="--seed 2".
	@tools/setup-python.sh
	@node tools/conformance.mjs $(ARGS)

.PHONY: check
check: setup-build ## Check formatting, lints (host and wasm32) and types, warnings being errors.
	@{ cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1 || rustup --quiet component add rustfmt clippy
	cargo fmt --all --check
	cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
	cargo clippy --quiet --locked --lib --target wasm32-unknown-unknown -- -D warnings
	prettier --log-level=warn --check .
	eslint .
	cd frontend && npm run --silent check && npm run --silent lint

.PHONY: catalogue
catalogue: setup-build ## Print the required tests that nothing covers yet, and how many are covered.
	cargo test --quiet --locked --test tidy catalogue
	@node tools/catalogue.mjs

.PHONY: race
race: build ## Confirm one link fifty times at once on workerd, a hundred times, and count the sessions.
	@node tools/race.mjs

.PHONY: fuzz
fuzz: setup-build ## Fuzz every parser that meets the outside, for a minute each or FUZZ_SECONDS.
	@node tools/fuzz.mjs

.PHONY: mutants
mutants: setup-build ## Take checks out of a copy of the code, one at a time, and count what the tests notice; ARGS=--file=PATH.
	@node tools/named-mutations.mjs
	@node tools/mutants.mjs $(ARGS)

.PHONY: update
update: setup-build ## Rewrite the committed generated files from the code.
	UPDATE=1 cargo test --quiet --locked --test tidy

.PHONY: build
build: setup-build ## Build the Worker, the frontend and the stand-ins; each only if its sources changed.
	@node tools/build.mjs worker frontend stand-ins

.PHONY: a11y
a11y: setup ## Scan every page and state in both themes with axe.
	@node tools/build.mjs frontend
	@playwright test --config tests/browser/playwright.config.ts states/every-page.spec.ts --reporter=line,$(CURDIR)/tests/browser/scan-reporter.ts

.PHONY: lighthouse
lighthouse: setup ## Measure the landing page, sign-in and the studio with Lighthouse, as on a phone.
	@node tools/lighthouse.mjs

.PHONY: screens
screens: setup ## Take the pictures of docs/screens anew.
	@node tools/build.mjs frontend
	@rm -f docs/screens/*.webp
	@playwright test --config tests/browser/screens.config.ts --reporter=line

.PHONY: styles
styles: setup-build ## Draw the example pictures of the styles anew, when one is added.
	@node tools/styles.mjs

.PHONY: size
size: setup-build ## Measure the gzipped Worker against a workers-rs hello built the same way.
	@node tools/size.mjs

.PHONY: contents
contents: setup-build ## Show what the wasm of the Worker is made of: its largest parts and functions.
	@node tools/contents.mjs

.PHONY: bench
bench: build ## Measure the built Worker on workerd against a Hono twin, an empty Worker and a hello; ARGS=--rounds=7.
	@node tools/bench.mjs $(ARGS)

.PHONY: cost
cost: setup-build ## Count what a picture and a training cost at Cloudflare, and what grows how with the people.
	@node tools/cost.mjs

.PHONY: deploy
deploy: setup-build ## Bring an environment up to date; ARGS="--environment staging --values FILE --dry-run --single".
	@node tools/deploy.mjs $(ARGS)

.PHONY: reproduce
reproduce: setup-build ## Build the Worker twice, the second time from nothing, and compare.
	@node tools/reproduce.mjs

.PHONY: audit
audit: setup-build ## Audit what ships: licences, sources, advisories, what is unused, an SBOM; ARGS=--strict.
	@node tools/audit.mjs $(ARGS)

.PHONY: export-memory
export-memory: build ## Measure the memory that an export of 500 large images costs workerd.
	@node tools/export-memory.mjs $(ARGS)

.PHONY: clean
clean: ## Remove everything that was built or left behind by runs; keep the installed tools and .dev.vars.
	rm -rf build .deploy frontend/build frontend/.svelte-kit bench/hello/build bench/hello/target .wrangler demo-out test-results playwright-report
	cargo clean --quiet
