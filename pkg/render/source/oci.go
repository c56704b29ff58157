package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/retry"
)

// chartLayer is the media type of a chart in a registry (helm pkg/registry/constants.go).
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// oci pulls an artifact of a registry, with the credentials that docker has.
func (s *Sources) oci(ctx context.Context, r Request) (*Tree, error) {
	name := strings.TrimPrefix(r.URL, "oci://")
	if r.Kind == Helm {
		name = strings.TrimSuffix(name, "/") + "/" + r.Chart
	}
	if s.Offline {
		return nil, ErrOffline
	}
	repository, err := open(name)
	if err != nil {
		return nil, err
	}
	reference, err := reference(ctx, repository, r)
	if err != nil {
		return nil, err
	}
	descriptor, err := repository.Resolve(ctx, reference)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", reference, err)
	}
	archive := r.Chart != ""
	path, err := s.cached(func(path string) error {
		layer, err := pull(ctx, repository, descriptor, r)
		if err != nil {
			return err
		}
		data, err := content.FetchAll(ctx, repository, layer) // verifies the digest
		if err != nil {
			return err
		}
		if archive {
			return os.WriteFile(path, data, 0o600)
		}
		// Argo CD takes a chart out of the directory that its archive has (util/oci/client.go).
		return unpack(data, path, layer.MediaType == chartLayer && !r.Artifact)
	}, "oci", name, descriptor.Digest.String(), r.MediaType, fmt.Sprint(archive, r.Artifact))
	if err != nil {
		return nil, err
	}
	return &Tree{Dir: path, URL: Public(r.URL), Revision: r.Ref.Text(), Resolved: descriptor.Digest.String()}, nil
}

// open returns the client of a repository. Registries on this machine need no TLS.
func open(name string) (*remote.Repository, error) {
	repository, err := remote.NewRepository(name)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(repository.Reference.Host())
	if err != nil {
		host = repository.Reference.Host()
	}
	ip := net.ParseIP(host)
	repository.PlainHTTP = host == "localhost" || ip != nil && ip.IsLoopback()
	client := &auth.Client{Client: retry.DefaultClient, Cache: auth.NewCache()}
	if store, err := credentials.NewStoreFromDocker(credentials.StoreOptions{}); err == nil {
		client.Credential = credentials.Credential(store)
	}
	repository.Client = client
	return repository, nil
}

// reference returns the digest or tag that a request means. A version of a chart has _
// in place of + in its tag (helm pkg/registry).
func reference(ctx context.Context, repository *remote.Repository, r Request) (string, error) {
	ref, text := r.Ref, r.Ref.Revision
	switch {
	case ref.Digest != "":
		return ref.Digest, nil
	case ref.Semver != "":
		return inRange(ctx, repository, ref.Semver, ref.SemverFilter)
	case ref.Tag != "":
		return ref.Tag, nil
	case strings.HasPrefix(text, "sha256:"):
		return text, nil
	case text == "" && r.Kind == OCI:
		return "latest", nil
	case text == "":
		return inRange(ctx, repository, "*", "")
	}
	if _, err := semver.NewVersion(text); err == nil {
		return strings.ReplaceAll(text, "+", "_"), nil
	}
	if _, err := semver.NewConstraint(text); err == nil {
		return inRange(ctx, repository, text, "")
	}
	return text, nil
}

// inRange returns the tag of the highest version (source-controller
// ocirepository_controller.go getTagBySemver).
func inRange(ctx context.Context, repository *remote.Repository, text, filter string) (string, error) {
	constraint, err := semver.NewConstraint(text)
	if err != nil {
		return "", fmt.Errorf("semver %q: %w", text, err)
	}
	pattern, err := regexp.Compile(filter)
	if err != nil {
		return "", fmt.Errorf("semverFilter %q: %w", filter, err)
	}
	var tags []string
	err = repository.Tags(ctx, "", func(page []string) error {
		for _, tag := range page {
			if pattern.MatchString(tag) {
				tags = append(tags, tag)
			}
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("its tags cannot be listed: %w", err)
	}
	best := highestTag(constraint, tags, func(tag string) (*semver.Version, error) {
		return semver.NewVersion(strings.ReplaceAll(tag, "_", "+"))
	})
	if best == "" {
		return "", fmt.Errorf("no tag is a version in %q", text)
	}
	return best, nil
}

// pull returns the layer that a request means.
func pull(ctx context.Context, repository *remote.Repository, d ocispec.Descriptor, r Request) (layer ocispec.Descriptor, err error) {
	data, err := content.FetchAll(ctx, repository, d)
	if err != nil {
		return layer, err
	}
	var m ocispec.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return layer, fmt.Errorf("its manifest cannot be read: %w", err)
	}
	want := r.MediaType
	if want == "" && r.Chart != "" {
		want = chartLayer
	}
	for _, layer := range m.Layers {
		if want == "" || layer.MediaType == want {
			return layer, nil
		}
	}
	if len(m.Layers) > 0 {
		return layer, fmt.Errorf("it has no layer of the type %s", want)
	}
	return layer, errors.New("it has no layers: an index of images is no artifact of manifests")
}
