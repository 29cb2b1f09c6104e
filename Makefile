# All set-up is in here: `make run` and `make test` install what a fresh Debian 13 or Raspberry Pi OS lacks (and say so),
# build what changed and go on. Both are safe to repeat, and need no network once everything is there.

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak chaos build clean setup install uninstall install-container uninstall-container boot-test container-test

# What the programs are made from; a change here, and only here, makes a new build.
SOURCES := $(shell find server web -type f) package-lock.json tsconfig.json tsconfig.build.json vite.config.ts
# The tests need a browser as well; the product does not.
SETUP := run
test bench soak chaos container-test: SETUP := test

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' Makefile

run: build ## Set up, build, and run in the foreground until Ctrl+C (CONFIG=settings.json)
	@node dist/server/main.js supervise $(if $(CONFIG),--config $(CONFIG))

test: build ## Set up, build, and run every check and test
	@npx tsc -p tsconfig.bench.json
	@node scripts/test.js

check: build ## Types, lint, format, direction of imports, NGINX configuration
	@scripts/check.sh

bench: build ## Measure every budget, with its peers (SHORT=1: briefly; ONLY=name: one of them)
	@npx tsc -p tsconfig.bench.json
	@node dist/test/bench/main.js

soak: build ## Switch many times in a row, then look what is left (SWITCHES=1000, HOURS=72, ROTATION=5, SHORT=1)
	@npx tsc -p tsconfig.bench.json
	@node dist/test/soak/main.js

chaos: build ## Random failures from one seed, with a browser on it (SEED=1, MINUTES=30)
	@npx tsc -p tsconfig.bench.json
	@node dist/test/chaos/main.js

install: build ## Install as a service of systemd, or replace the one installed (as root; DESTDIR=folder: for a package)
	@scripts/install.sh install

uninstall: ## Take the service away; settings, recordings and state stay (as root)
	@scripts/install.sh uninstall

install-container: ## Start the image smart-toggle of Docker with the machine (as root; built by: docker compose build)
	@scripts/install.sh install-container

uninstall-container: ## Take the container's service away; its volumes stay (as root)
	@scripts/install.sh uninstall-container

boot-test: build ## Boot a Debian with systemd, install into it, and see it survive (as root; takes minutes and 2 GB)
	@node scripts/boot-test.js

container-test: build ## Build the image without Docker, run it without rights, and look at it (as root; takes minutes and 3 GB)
	@node scripts/container-test.js

build: .make/build ## Set up and build the server and the page, where something changed

clean: ## Remove what was built (never recordings, state or what was installed)
	rm -rf dist coverage test-results bench-results .make/build .make/results

.make/build: $(SOURCES) | setup
	@npm run --silent build
	@touch $@

setup:
	@scripts/setup.sh $(SETUP)
