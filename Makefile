.PHONY: demo test bench build generate lint oracle e2e archives release-check

demo:
	go run ./cmd/kubectl-gitops convert -f examples/argocd

test:
	go test ./...

bench:
	go test ./pkg/convert -run '^$$' -bench . -benchtime 1x

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/ ./cmd/kubectl-gitops
	CGO_ENABLED=0 go build -trimpath -gcflags=all=-l -gcflags=github.com/kubectl-gitops/...= -gcflags=go.yaml.in/yaml/v3= -ldflags '-s -w' -o bin/gitops-convert ./fn

generate:
	go generate ./...

lint:
	golangci-lint run

# What Argo CD itself renders of the fixtures, against the goldens; ARGS=-update writes
# them. The first run builds Argo CD: twelve minutes of CPU time.
oracle:
	cd internal/oracle && ARGOCD_LOG_LEVEL=error go test -count=1 -timeout 60m . $(ARGS)

e2e:
	hack/e2e/run $(ARGS)

# The archives of a release for all platforms, and whether krew takes and installs each.
# The first run takes twenty minutes of CPU time.
archives:
	krew/archives v0.0.0 dist
	GITOPS_ARCHIVES=$(CURDIR)/dist go test -count=1 ./krew

# goreleaser's own check of .goreleaser.yaml: four minutes of CPU time the first time.
release-check:
	go run github.com/goreleaser/goreleaser/v2@v2.15.1 check
