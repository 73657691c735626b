# `make` or `make help` lists what there is.
.PHONY: help run test bench lint guests check-guests docs ci luacheck-demo
.DEFAULT_GOAL := help

CARGO ?= cargo
SCRIPT ?= guests/examples/tour.lua

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Run a script in the sandbox: make run SCRIPT=file.lua ARGS="a b"
	$(CARGO) run --release --locked -- $(SCRIPT) $(ARGS)

test: ## Run the tests
	$(CARGO) test --release --locked

bench: ## Measure the sandbox beside native Lua, in one run
	$(CARGO) bench --locked

lint: ## Check formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --release --locked -- -D warnings

guests: ## Build the Lua guests again, into guests/prebuilt
	guests/build.sh

check-guests: ## Build the Lua guests elsewhere and compare them, byte for byte
	guests/build.sh --check

docs: ## Build the documentation
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --no-deps --workspace --locked

ci: ## Everything that has to pass
	.ci/run

luacheck-demo: ## Run luacheck natively and in the sandbox, and compare
	guests/luacheck-demo.sh
