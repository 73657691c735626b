# `make` or `make help` lists what there is.
.PHONY: help run test semver bench lint package abi guests check-guests book docs ci luacheck-demo programs \
	matrix perf shadow-demo seeded-bugs seeded-compiler-bugs browser-test readme fuzz \
	go-examples bridge-soak soak rivals miri valgrind platforms arm windows-hello
.DEFAULT_GOAL := help

CARGO ?= cargo
SCRIPT ?= guests/examples/tour.lua

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Run a script in the sandbox: make run SCRIPT=file.lua ARGS="a b"
	$(CARGO) run --release --locked -- $(SCRIPT) $(ARGS)

test: ## Run the tests
	$(CARGO) test --release --locked

HARNESS = $(CARGO) run --release --locked --bin luago-harness --
REPORTS ?= target/reports
GENERATED ?= 10000

matrix: ## Compare the sandbox with every native Lua: make matrix GENERATED=1000000
	@mkdir -p $(REPORTS)
	$(HARNESS) matrix --generated $(GENERATED) --json $(REPORTS)/matrix.json \
	  --markdown $(REPORTS)/matrix.md --junit $(REPORTS)/matrix.xml --html $(REPORTS)/matrix.html

perf: ## Measure the sandbox beside native Lua, against the committed baseline
	@mkdir -p $(REPORTS)
	$(HARNESS) perf --baseline harness/baseline.json --tolerance 10% \
	  --json $(REPORTS)/perf.json --html $(REPORTS)/perf.html

shadow-demo: ## Rehearse the sandbox in the place of LuaJIT, for a small request router
	@mkdir -p $(REPORTS)
	$(HARNESS) shadow harness/demo/router.lua --old native:luajit --new sandbox:5.1 \
	  --inputs harness/demo/requests --fraction 10% --max-diff 0.1% --html $(REPORTS)/shadow.html

readme: ## Measure, and write the tables of the book
	@mkdir -p $(REPORTS)
	$(HARNESS) matrix --generated $(GENERATED) --json $(REPORTS)/matrix.json
	$(HARNESS) perf --json harness/baseline.json
	$(HARNESS) readme $(REPORTS)/matrix.json harness/baseline.json

seeded-bugs: ## See that the matrix finds bugs put into a copy of a guest
	harness/seeded-bugs.sh

seeded-compiler-bugs: ## See that the matrix finds bugs put into a copy of the compiler
	harness/seeded-compiler-bugs.sh

FUZZ = runtime/fuzz
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= bytecode decode_frame go_guest imports

fuzz: ## Bytecode, frames, Go guests and imports at random: make fuzz FUZZ_SECONDS=60 FUZZ_TARGETS=imports
	@$(CARGO) fuzz --version || { echo "cargo-fuzz is missing: $(CARGO) install --locked cargo-fuzz" >&2; exit 1; }
	@mkdir -p $(FUZZ)/target
	rustc --edition 2024 -o $(FUZZ)/target/seeds $(FUZZ)/seeds.rs
	rustc --edition 2024 -o $(FUZZ)/target/bytecode_seeds $(FUZZ)/bytecode_seeds.rs
	rustc --edition 2024 --cap-lints allow -o $(FUZZ)/target/program_seeds $(FUZZ)/program_seeds.rs
	@for target in $(FUZZ_TARGETS); do \
	  case $$target in \
	    bytecode) $(FUZZ)/target/bytecode_seeds $(FUZZ)/corpus/$$target;; \
	    decode_frame) $(FUZZ)/target/seeds $(FUZZ)/corpus/$$target;; \
	    *) $(FUZZ)/target/program_seeds $$target $(FUZZ)/corpus/$$target;; \
	  esac && (cd runtime && $(CARGO) fuzz run --sanitizer none $$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=60 -print_final_stats=1) || exit 1; \
	done

miri: ## Run the tests of segments in Miri, which needs nightly: make miri MIRI_TESTS=ring
	@$(CARGO) +nightly miri --version || { echo "Miri is missing: rustup toolchain install nightly --component miri,rust-src" >&2; exit 1; }
	MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-disable-weak-memory-emulation" CARGO_TARGET_DIR=target/miri \
	  $(CARGO) +nightly miri test --locked -p luago-segment --lib -- $(MIRI_TESTS)

VALGRIND_TEST = CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --quiet --error-exitcode=9" \
	  $(CARGO) test --release --locked

valgrind: ## Run the tests of segments and guests' memory under valgrind: make valgrind VALGRIND=ring
	@valgrind --version || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
	$(VALGRIND_TEST) -p luago-segment --lib -- $(VALGRIND) --test-threads 1
	$(VALGRIND_TEST) -p luago --lib -- memory::$(VALGRIND) --test-threads 1

browser-test: ## Check the HTML reports and traces in Chromium
	harness/browser-test.sh

bench: ## Measure the sandbox beside native Lua, in one run
	$(CARGO) bench --locked

rivals: ## Measure what Go guests are compared with: golua and Extism
	benches/rivals/run.sh

GO ?= go
GO_GUESTS ?= $(CURDIR)/target/go-examples

go-examples: ## Build the examples of Go guests, into target/go-examples
	@$(GO) version || { echo "Go is missing: install 1.24 or later from https://go.dev/dl/" >&2; exit 1; }
	@mkdir -p $(GO_GUESTS)
	@for folder in guests/go/examples/*/; do \
	  name=$$(basename $$folder); \
	  (cd $$folder && GOOS=wasip1 GOARCH=wasm $(GO) build -trimpath -buildvcs=false -ldflags=-s \
	    -buildmode=c-shared -o $(GO_GUESTS)/$$name.wasm .) || exit 1; \
	  echo "luago-run --go $$name=$(GO_GUESTS)/$$name.wasm $$folder$$name.lua"; \
	done

STEPS ?= 10000000

bridge-soak: ## Random programs of Lua and Go, for hours: make bridge-soak STEPS=1000000
	LUAGO_BRIDGE_STEPS=$(STEPS) $(CARGO) test --release --locked --test it go::properties

SECONDS ?= 60

soak: ## The example service under hostile policies and guests: make soak SECONDS=3600
	LUAGO_SOAK_SECONDS=$(SECONDS) $(CARGO) test --release --locked \
	  --test soak -- --nocapture

lint: ## Check formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --release --locked -- -D warnings

SINCE ?= $(shell git describe --tags --abbrev=0 2>/dev/null || echo HEAD)

semver: ## Compare the crates' interfaces with those of an earlier commit: make semver SINCE=v0.1.0
	@$(CARGO) semver-checks --version || { echo "cargo-semver-checks is missing: $(CARGO) install --locked cargo-semver-checks" >&2; exit 1; }
	$(CARGO) semver-checks -p luago -p luago-segment -p luago-abi --baseline-rev $(SINCE)

abi: ## Write what C and Go are told of the ABI, from runtime/abi
	$(CARGO) run --release --locked -p luago-abi --example generate

package: ## Put together what is published of each crate, into target/package
	$(CARGO) package --locked --no-verify -p luago-abi -p luago-segment -p luago-compiler -p luago-guests -p luago

guests: ## Build the Lua guests again, into guests/prebuilt
	guests/build.sh

check-guests: ## Build the Lua guests elsewhere and compare them, byte for byte
	guests/build.sh --check

book: ## Build the book, and check the links of every page
	docs/build.sh

docs: ## Build the documentation of the crates
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --no-deps --workspace --locked

platforms: ## Check that everything compiles for macOS and Windows
	.ci/platforms.sh check

arm: ## Run tests on Linux on Arm, under qemu: make arm TESTS="ring memory::"
	.ci/platforms.sh arm $(TESTS)

windows-hello: ## Link the command for Windows, and run two scripts under Wine
	.ci/platforms.sh windows-hello

ci: ## Everything that has to pass
	.ci/run

luacheck-demo: ## Run luacheck natively and in the sandbox, and compare
	guests/luacheck-demo.sh

programs: ## Run programs that Debian ships natively and in the sandbox, and compare
	tests/programs/run.sh
