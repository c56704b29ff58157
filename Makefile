.PHONY: demo test bench build generate lint oracle e2e

demo:
	go run ./cmd/kubectl-gitops convert -f examples/argocd

test:
	go test ./...

bench:
	go test ./pkg/convert -run '^$$' -bench . -benchtime 1x

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/ ./cmd/kubectl-gitops
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/gitops-convert ./fn

generate:
	go generate ./...

lint:
	golangci-lint run

# What Argo CD itself renders of the fixtures, against the goldens; ARGS=-update writes
# them. The first run builds Argo CD: twelve minutes of CPU time.
oracle:
	cd internal/oracle && ARGOCD_LOG_LEVEL=error go test -timeout 60m . $(ARGS)

e2e:
	hack/e2e/run $(ARGS)
