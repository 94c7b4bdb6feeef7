# The two commands of a newcomer are `make demo` and `make test`.
GO ?= go
BIN := bin/himozuke
FUZZTIME ?= 30s

.PHONY: build demo test bench lint fuzz clean

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o $(BIN) ./cmd/himozuke

# A synthetic town of 100,000 people with planted faults, audited and reported.
demo: build
	$(BIN) demo

test:
	$(GO) test ./...

# Kernels first, then the whole program, then beside DuckDB, which the script
# installs from PyPI; docs/performance.md says what to expect.
bench: build
	$(GO) test -run '^$$' -bench . -benchmem ./normalize/... ./score/... ./linkage/...
	bench/audit.sh
	bench/duckdb/run.sh

lint:
	@unformatted=$$(gofmt -l cmd fixtures linkage normalize report score); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# Every fuzz target in turn, FUZZTIME each.
fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; \
	done

clean:
	rm -rf bin demo out
