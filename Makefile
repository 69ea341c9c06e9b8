# The targets that matter are build, run and test; "make help" tells all.

GO      ?= go
LISTEN  ?= 127.0.0.1:9154
FUZZTIME ?= 1m
FUZZPKG ?= ./maillog
LINES   ?= 1000000
REPLIES ?= ../shared/replies/replies.tsv
RUNS    ?= 5
SIZE    ?= 1000
RATE    ?= 50000
WAIT    ?= 6m
HOURS   ?= 8

exporter := postfix_exporter
cache    := $(CURDIR)/.cache
bin      := $(cache)/bin
GRAFANA ?= $(cache)/grafana/dist
export PATH := $(bin):$(PATH)

# What --version says. The date is the commit's, so that a build can be repeated.
git     = $(shell git $(1) 2>/dev/null || echo unknown)
stamp   = -X github.com/prometheus/common/version.$(1)=$(2)
ldflags = -s -w \
	$(call stamp,Version,$(call git,describe --tags --always --dirty)) \
	$(call stamp,Revision,$(call git,rev-parse HEAD)) \
	$(call stamp,Branch,$(call git,rev-parse --abbrev-ref HEAD)) \
	$(call stamp,BuildDate,$(call git,log -1 --format=%cI))

.PHONY: build
build: ## the exporter: one static binary (the default)
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(ldflags)' -o $(exporter) .

.PHONY: run
run: build ## start the exporter on a sample log that grows; LISTEN=HOST:PORT
	@$(GO) build -buildvcs=false -o $(bin)/mklog ./internal/mklog
	@tools/run.sh ./$(exporter) $(bin)/mklog testdata/sample.log $(LISTEN)

# The race detector needs a C compiler.
.PHONY: test
test: deps lint build observe-tools ## everything: deps, lint, all tests with the race detector
	$(GO) test $$(command -v gcc >/dev/null && echo -race) -timeout 30m ./...
	$(GO) -C tools/observe test -timeout 20m ./...

.PHONY: lint
lint: $(bin)/golangci-lint ## gofmt, go vet, golangci-lint
	@files=$$(gofmt -l .); test -z "$$files" || { echo "not formatted, run gofmt -w: $$files" >&2; exit 1; }
	$(GO) vet ./...
	$(bin)/golangci-lint run ./...
	$(GO) -C tools/observe vet ./...
	cd tools/observe && $(bin)/golangci-lint run -c ../../.golangci.yml ./...

.PHONY: deps
deps: ## install what the tests use: postfix, rsyslog, logrotate, iproute2, gcc, promtool, journalctl (apt, root)
	@tools/deps.sh $(bin)

$(bin)/golangci-lint: tools/go.mod tools/go.sum
	GOBIN=$(bin) GOFLAGS=-buildvcs=false $(GO) -C tools install -trimpath tool
	@touch $@

# What tests of alerts and dashboards run, from the Go module proxy. promtool is
# Debian's, of 2023; promtool3 is today's.
.PHONY: observe-tools
observe-tools: $(bin)/promtool3 $(bin)/prometheus $(bin)/pint $(bin)/alertmanager $(bin)/amtool ## build Prometheus, Alertmanager and their tools into .cache/bin

# $(1): the module's folder, $(2): the package
tool = nice -n 10 env CGO_ENABLED=0 $(GO) -C tools/$(1) build -buildvcs=false -trimpath -tags remove_all_sd -ldflags '-s -w' -o $@ $(2)

$(bin)/promtool3: tools/prometheus/go.mod
	$(call tool,prometheus,github.com/prometheus/prometheus/cmd/promtool)
$(bin)/prometheus: tools/prometheus/go.mod
	$(call tool,prometheus,github.com/prometheus/prometheus/cmd/prometheus)
$(bin)/pint: tools/pint/go.mod
	$(call tool,pint,github.com/cloudflare/pint/cmd/pint)
$(bin)/alertmanager $(bin)/amtool: $(bin)/%: tools/alertmanager/go.mod
	$(call tool,alertmanager,github.com/prometheus/alertmanager/cmd/$*)

.PHONY: alerts
alerts: ## after an edit of alerts/thresholds.yaml or of a template: write the rules again
	$(GO) -C tools/observe run ./cmd/alerts -root ../..

.PHONY: alerts-test
alerts-test: observe-tools ## the tests of the alert rules, mutations among them
	$(GO) -C tools/observe test -count=1 ./alerts ./thresholds

.PHONY: promtool-check
promtool-check: deps ## promtool check metrics, on a full scrape
	$(GO) test -count=1 -v -run TestPromtool ./internal/house

.PHONY: fuzz
fuzz: ## each fuzz target of FUZZPKG for FUZZTIME
	@set -e; targets=$$($(GO) test -list '^Fuzz' $(FUZZPKG) | grep '^Fuzz'); for t in $$targets; do \
		$(GO) test -run '^$$' -fuzz "^$$t\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $(FUZZPKG); \
	done

.PHONY: bench
bench: build ## how fast, on a made-up log of LINES lines, medians of RUNS runs
	$(GO) run -buildvcs=false ./internal/bench -exporter ./$(exporter) -lines $(LINES) -runs $(RUNS)

.PHONY: backlog
backlog: ## how fast serve catches up with a log of SIZE MB, against report; RUNS runs
	E2E_BACKLOG=$(SIZE) E2E_RUNS=$(RUNS) $(GO) test -count=1 -v -timeout 1h -run '^TestBacklog$$' ./e2e

.PHONY: flood
flood: ## RATE syslog datagrams a second for ten seconds, UDP then a Unix socket: what is counted, what is lost
	E2E_FLOOD=$(RATE) E2E_FLOOD_SECONDS=10 $(GO) test -count=1 -v -timeout 10m -run '^TestFlood$$' ./e2e

.PHONY: microbench
microbench: ## the benchmarks beside the code
	$(GO) test -run '^$$' -bench . -benchmem ./maillog ./source ./track ./classify ./collector ./showq

# What a start reads in place of the rules' YAML.
.PHONY: generate
generate: ## after an edit in rules/: compile them again into rules/packed.bin
	@touch rules/packed.bin
	$(GO) test -count=1 -run '^TestPacked$$' ./classify -update

.PHONY: docs
docs: generate ## as generate, and write the generated parts of docs/ again: METRICS.md, RULES.md
	$(GO) test -count=1 -run TestDocs ./collector ./classify -update

# REPLIES is a table with the columns code, enhanced, host, text and class.
.PHONY: classify-score
classify-score: ## how well the rules judge labelled replies; REPLIES=TABLE.tsv
	@POSTFIX_EXPORTER_REPLIES='$(abspath $(REPLIES))' $(GO) test -count=1 -v -run '^TestScore$$' ./classify

.PHONY: dashboards
dashboards: ## write dashboards/*.json again, after an edit in tools/observe/dashboards
	$(GO) -C tools/observe test -count=1 -run '^TestFiles$$' ./dashboards -update

# GRAFANA is the home of a Grafana: the directory with bin/grafana, conf and public.
with_grafana = $(if $(wildcard $(GRAFANA)/bin/grafana),-grafana $(GRAFANA))

.PHONY: $(bin)/observe
$(bin)/observe:
	$(GO) -C tools/observe build -buildvcs=false -trimpath -o $@ ./cmd/observe

.PHONY: observe
observe: build $(bin)/observe $(bin)/prometheus $(bin)/alertmanager ## the exporter with Prometheus, Alertmanager and GRAFANA=DIR on loopback, and a bounce spike under way; HOURS of history
	@$(GO) build -buildvcs=false -o $(bin)/mklog ./internal/mklog
	@$(if $(with_grafana),:,echo "No Grafana: GRAFANA=DIR names the directory of one, with bin/grafana in it.")
	@tools/observe.sh ./$(exporter) $(bin)/mklog testdata/sample.log $(LISTEN) $(bin)/observe \
		-prometheus $(bin)/prometheus -alertmanager $(bin)/alertmanager $(with_grafana) -hours $(HOURS)

# Alerts need some minutes until they fire; WAIT=0s is for who looks at graphs alone.
.PHONY: look
look: $(bin)/observe $(bin)/prometheus $(cache)/look/node_modules/puppeteer-core ## pictures of all dashboards into .cache/look; needs GRAFANA=DIR, chromium, node
	@test -n "$(with_grafana)" || { echo "no Grafana: GRAFANA=DIR names the directory of one, with bin/grafana in it" >&2; exit 1; }
	$(bin)/observe -prometheus $(bin)/prometheus $(with_grafana) -settle $(WAIT) -look $(cache)/look/pictures -modules $(cache)/look \
		-prometheus-at 127.0.0.1:0 -grafana-at 127.0.0.1:0 -alertmanager-at 127.0.0.1:0

$(cache)/look/node_modules/puppeteer-core:
	@mkdir -p $(cache)/look
	npm install --no-audit --no-fund --no-save --prefix $(cache)/look puppeteer-core@24

.PHONY: testdata
testdata: deps ## write the logs under testdata/ again, from a real Postfix
	$(GO) test -count=1 -v -run 'TestUpdateLogs|TestTestdata' ./e2e -update

.PHONY: clean
clean: ## remove what was built
	rm -rf $(exporter) $(cache)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
