package flux

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// decryptMark keeps an object encrypted (kustomize-controller
// internal/decryptor/decryptor.go IsDecryptionDisabled).
const decryptMark = group + "/decrypt"

// encrypted tells whether SOPS encrypted the object, or a value of a Secret
// (decryptor.go IsEncryptedSecret and DecryptResource).
func encrypted(o *manifest.Object) bool {
	if _, ok := o.Object["sops"]; ok {
		return true
	}
	data, _ := o.Object["data"].(map[string]any)
	if o.GetKind() != "Secret" {
		return false
	}
	for _, value := range data {
		text, _ := value.(string)
		if plain, err := base64.StdEncoding.DecodeString(text); err == nil && format(plain) != "" {
			return true
		}
	}
	return false
}

// format returns the format of text that SOPS encrypted, by the marks that it leaves
// (decryptor.go detectFormatFromMarkerBytes); "" for other text.
func format(data []byte) string {
	for _, f := range []struct{ format, mark string }{
		{"json", `"mac": "ENC[`}, {"yaml", "mac: ENC["}, {"dotenv", "sops_mac=ENC["}, {"ini", "[sops]"},
	} {
		if bytes.Contains(data, []byte(f.mark)) {
			return f.format
		}
	}
	return ""
}

// formatOf returns the format that a file's name tells (decryptor.go formatForPath).
func formatOf(name string) string {
	switch ext := path.Ext(name); {
	case ext == ".yaml", ext == ".yml":
		return "yaml"
	case ext == ".json", strings.HasSuffix(name, ".dockerconfigjson"):
		return "json"
	case ext == ".env":
		return "dotenv"
	case ext == ".ini":
		return "ini"
	default:
		return "binary"
	}
}

// decrypts tells whether the controller decrypts, and may here.
func (r *render) decrypts() bool {
	return r.env.Decrypt && node.Text(r.Root, "spec", "decryption", "provider") == "sops"
}

// sources is a file system whose encrypted files are read decrypted: those that
// generators read (decryptor.go DecryptSources).
type sources struct {
	filesys.FileSystem
	ctx context.Context
}

func (s sources) ReadFile(name string) ([]byte, error) {
	data, err := s.FileSystem.ReadFile(name)
	from := format(data)
	if err != nil || from == "" || path.Base(name) == konfig.DefaultKustomizationFileName() {
		return data, err
	}
	plain, err := sops(s.ctx, data, from, formatOf(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Base(name), err)
	}
	return plain, nil
}

// decryptAll decrypts what is left encrypted after the build (decryptor.go
// DecryptResource).
func decryptAll(ctx context.Context, built *kustomize.Built) error {
	for _, r := range built.Resources.Resources() {
		if r.GetAnnotations()[decryptMark] == "disabled" {
			continue
		}
		if err := decrypt(ctx, r); err != nil {
			return fmt.Errorf("%s %s: %w", r.GetKind(), r.GetName(), err)
		}
	}
	return nil
}

func decrypt(ctx context.Context, r *resource.Resource) error {
	if r.Field("sops") != nil {
		data, err := r.MarshalJSON()
		if err != nil {
			return err
		}
		plain, err := sops(ctx, data, "json", "json")
		if err != nil {
			return err
		}
		return r.UnmarshalJSON(plain)
	}
	if r.GetKind() != "Secret" {
		return nil
	}
	data := r.GetDataMap()
	changed := false
	for key, value := range data {
		raw, err := base64.StdEncoding.DecodeString(value)
		from := format(raw)
		if err != nil || from == "" {
			continue
		}
		plain, err := sops(ctx, raw, from, formatOf(key))
		if err != nil {
			return fmt.Errorf("data %s: %w", key, err)
		}
		data[key], changed = base64.StdEncoding.EncodeToString(plain), true
	}
	if changed {
		r.SetDataMap(data)
	}
	return nil
}

// sops runs the command of that name, whose library needs the clients of every cloud.
// Its keys are those that the environment gives it. The controller does not check the
// MAC either (decryptor.go checkSopsMac).
func sops(ctx context.Context, data []byte, from, to string) ([]byte, error) {
	command := exec.CommandContext(ctx, "sops", "--decrypt", "--ignore-mac", "--input-type", from, "--output-type", to, "/dev/stdin")
	command.Stdin = bytes.NewReader(data)
	plain, err := command.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("--decrypt runs the command sops, which is not on PATH: see https://getsops.io")
	case err != nil:
		// What it prints may hold more than a message.
		return nil, fmt.Errorf("sops could not decrypt it, by itself it tells more: %w", err)
	}
	return plain, nil
}
