package flux

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// encrypted tells whether SOPS encrypted the object (kustomize-controller
// internal/decryptor/decryptor.go IsEncryptedSecret): the key sops beside the others.
func encrypted(o *manifest.Object) bool {
	_, ok := o.Unstructured.Object["sops"]
	return ok
}

// decryptAll decrypts the objects that SOPS encrypted, after the build as the
// controller does (decryptor.go DecryptResource). The keys are those that the
// environment gives to the command sops.
func decryptAll(ctx context.Context, built *kustomize.Built) error {
	for _, r := range built.Resources.Resources() {
		if r.Field("sops") == nil {
			continue
		}
		if err := decrypt(ctx, r); err != nil {
			return fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
		}
		if _, err := built.Resources.Replace(r); err != nil {
			return err
		}
	}
	return nil
}

func decrypt(ctx context.Context, r *resource.Resource) error {
	data, err := r.AsYAML()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, "sops", "decrypt", "--input-type", "yaml", "--output-type", "json", "/dev/stdin")
	command.Stdin = bytes.NewReader(data)
	plain, err := command.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("--decrypt runs the command sops, which is not on PATH: see https://getsops.io")
	case err != nil:
		// What sops prints may name keys; its own call tells more.
		return fmt.Errorf("sops could not decrypt it: %w", err)
	}
	return r.UnmarshalJSON(plain)
}
