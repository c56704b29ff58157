package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/Masterminds/semver/v3"
	repo "helm.sh/helm/v4/pkg/repo/v1"
)

// maxDownload bounds what is fetched of one URL; indexes of large repositories have
// some tens of megabytes.
const maxDownload = 512 << 20

// helm downloads a chart of a Helm repository. The index is read anew in every run.
func (s *Sources) helm(ctx context.Context, r Request) (*Tree, error) {
	if s.Offline {
		return nil, ErrOffline
	}
	version, err := s.chartVersion(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(version.URLs) == 0 {
		return nil, fmt.Errorf("chart %s %s has no URL in the index", r.Chart, version.Version)
	}
	from, err := repo.ResolveReferenceURL(r.URL, version.URLs[0])
	if err != nil {
		return nil, err
	}
	path, err := s.cached(func(path string) error {
		data, err := download(ctx, from)
		if err != nil {
			return fmt.Errorf("chart %s %s: %w", r.Chart, version.Version, err)
		}
		if err := verify(data, version.Digest); err != nil {
			return fmt.Errorf("chart %s %s: %w", r.Chart, version.Version, err)
		}
		return os.WriteFile(path, data, 0o600)
	}, "helm", r.URL, r.Chart, version.Version, version.Digest)
	if err != nil {
		return nil, err
	}
	return &Tree{Dir: path, URL: Public(r.URL), Revision: r.Ref.Revision, Resolved: version.Version}, nil
}

// chartVersion finds the version in the index that Helm would take: an exact one, else
// the highest in the range, without prereleases where the range names none.
func (s *Sources) chartVersion(ctx context.Context, r Request) (*repo.ChartVersion, error) {
	index, ok := s.indexes[r.URL]
	if !ok {
		data, err := download(ctx, strings.TrimSuffix(r.URL, "/")+"/index.yaml")
		if err != nil {
			return nil, err
		}
		if index, err = readIndex(data); err != nil {
			return nil, err
		}
		if s.indexes == nil {
			s.indexes = map[string]*repo.IndexFile{}
		}
		s.indexes[r.URL] = index
	}
	version, err := index.Get(r.Chart, r.Ref.Revision)
	if err != nil {
		return nil, fmt.Errorf("chart %s %s: %w", r.Chart, r.Ref.Revision, err)
	}
	return version, nil
}

// readIndex reads an index by Helm's own code, which wants a file.
func readIndex(data []byte) (*repo.IndexFile, error) {
	f, err := os.CreateTemp("", "kubectl-gitops-index-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	index, err := repo.LoadIndexFile(f.Name())
	if err != nil {
		return nil, fmt.Errorf("index.yaml: %w", err)
	}
	return index, nil
}

// download reads what a URL answers. Errors leave out what may be secret in it.
func download(ctx context.Context, from string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, fmt.Errorf("%s is no URL", Public(from))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("%s: %w", Public(from), err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: the server answered %s", Public(from), response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxDownload+1))
	if err == nil && len(data) > maxDownload {
		err = errors.New("too large")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Public(from), err)
	}
	return data, nil
}

// verify compares with the digest of the index; old indexes have none.
func verify(data []byte, digest string) error {
	digest = strings.TrimPrefix(digest, "sha256:")
	if digest == "" {
		return nil
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != digest {
		return errors.New("its digest is not that of the index")
	}
	return nil
}

// localChart finds a chart in what stands for a repository on the disk: the directory
// of that name, an archive NAME-VERSION.tgz, or the directory or archive itself.
func localChart(dir, chart, version string) (string, error) {
	if info, err := os.Stat(dir); err == nil && info.Mode().IsRegular() {
		return dir, nil
	}
	if strings.ContainsAny(chart, `/\`) {
		chart = filepath.Base(chart)
	}
	for _, candidate := range []string{filepath.Join(dir, chart), dir} {
		if _, err := os.Stat(filepath.Join(candidate, "Chart.yaml")); err == nil {
			return candidate, nil
		}
	}
	archives, err := filepath.Glob(filepath.Join(dir, chart+"-*.tgz"))
	if err != nil {
		return "", err
	}
	if version == "" {
		version = "*"
	}
	constraint, err := semver.NewConstraint(version)
	if err != nil {
		return "", fmt.Errorf("version %q: %w", version, err)
	}
	versionOf := func(archive string) (*semver.Version, error) {
		return semver.NewVersion(strings.TrimSuffix(strings.TrimPrefix(filepath.Base(archive), chart+"-"), ".tgz"))
	}
	if best := highestTag(constraint, archives, versionOf); best != "" {
		return best, nil
	}
	return "", fmt.Errorf("%s holds no chart %s %s: neither a directory of that name nor %[2]s-VERSION.tgz", dir, chart, version)
}
