# The commands that people type; each is one line that can be typed without make.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: build test lint race fuzz integration image up down

build: ## the static binary bin/vigie
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/vigie ./cmd/vigie

test: ## everything; Apache Kafka in a container where an engine answers
	go test ./...

race: ## the same under the race detector
	go test -race ./...

lint: ## go vet and golangci-lint
	go vet ./...
	golangci-lint run

fuzz: ## ten seconds on each fuzz target
	.ci/fuzz 10s

image: ## the container image
	docker build --build-arg VERSION=$(VERSION) -t vigie .

up: ## Kafka, topics, two workers and a producer of samples
	docker compose up --build

down:
	docker compose down --volumes
