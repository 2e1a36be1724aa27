# Shortcuts for what a contributor does often. Nothing here is needed: every
# line is a plain command that can be typed.

.DEFAULT_GOAL := help
.PHONY: help dev demo test race every clocks lint check build synth stack register docs fuzz tools openapi

STAGE ?= example

FUZZTIME ?= 30s

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dev: ## try the whole bot on this machine, with a simulated Discord
	go run ./scripts/dev

demo: ## play several partnerships from the form to the end, and exit
	go run ./scripts/dev -demo

test: ## run all tests, and say which are left out on this machine
	go test ./...
	@go run ./scripts/halves

race: ## run all tests in random order, watched by the race detector
	go test -race -shuffle=on ./...

every: ## kill the process at every step of the stories, have every fault strike every call, and simulate 200 towns
	go test ./internal/local ./internal/poller -run 'Crash|Fault|Refused|Simulation|OneGuild|FewPeople|AtOnce' -timeout 12m -every

clocks: ## run all tests with the clock a year ahead, far in the east, and on a leap day
	TZ=Pacific/Kiritimati go run ./scripts/clock -ahead 8760h go test -count=1 ./...
	go run ./scripts/clock -at 2028-02-29 go test -count=1 ./...
	@go run ./scripts/halves

lint: ## check format, and look for mistakes
	@unformatted=$$(gofmt -l functions infra internal scripts); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go -C infra vet ./...
	go tool staticcheck ./...
	staticcheck=$$(go tool -n staticcheck) && cd infra && "$$staticcheck" ./...

check: ## do all that CI does
	.ci/run

build: ## build the functions for Lambda, into dist/
	go run ./scripts/build

synth: need-node need-npx need-cdk build ## make the template of the stage STAGE, into cdk.out/; nothing is sent anywhere
	npx cdk synth --quiet -c stage=$(STAGE)

stack: need-node ## test the stack; needs Node
	cd infra && go test ./...

register: ## tell Discord which commands there are; needs DISCORD_TOKEN and DISCORD_APPLICATION_ID
	go run ./scripts/register

docs: ## write docs/commands.md anew, from the route tables
	go run ./scripts/commands

fuzz: ## feed every fuzz test for FUZZTIME (30s) each
	@grep -rl --include='*_test.go' '^func Fuzz' functions internal scripts | while read -r file; do \
	  sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file" | while read -r name; do \
	    echo "$$name in $$(dirname "$$file")"; \
	    go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" || exit 1; \
	  done || exit 1; \
	done

tools: need-npm ## install the CDK, and Amazon's DynamoDB Local for the tests (which needs Java 17)
	@command -v java >/dev/null || echo "make: java is missing: install Java 17 or later to test on DynamoDB Local" >&2
	npm ci --no-audit --no-fund

openapi: ## fetch Discord's OpenAPI document, and print the path for DISCORD_OPENAPI
	@go run ./scripts/openapi

# What a target needs is said before the first line of it runs.
need-%:
	@command -v $* >/dev/null || { echo "make: $* is missing: install Node 20 or later" >&2; exit 1; }

.PHONY: need-cdk
need-cdk:
	@[ -x node_modules/.bin/cdk ] || { echo "make: the CDK is missing: run make tools" >&2; exit 1; }
