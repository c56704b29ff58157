package flux

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// reader lets Flux's libraries read ConfigMaps and Secrets of the input. They call Get
// alone.
type reader struct {
	client.Client
	render *render
	// missing are the objects that were asked for and are not in the input.
	missing []flux.Ref
}

// Get implements client.Reader.
func (c *reader) Get(_ context.Context, key types.NamespacedName, to client.Object, _ ...client.GetOption) error {
	ref := flux.Ref{Kind: "ConfigMap", Namespace: key.Namespace, Name: key.Name}
	secret, isSecret := to.(*corev1.Secret)
	if isSecret {
		ref.Kind = "Secret"
	}
	o, err := c.render.env.Objects.Find(ref, c.render.app.File)
	if err != nil {
		return err
	}
	if o == nil {
		c.missing = append(c.missing, ref)
		err := apierrors.NewNotFound(schema.GroupResource{}, key.Name)
		err.ErrStatus.Message = ref.String() + " is not in the input: add the file that holds it"
		return err
	}
	root := o.Root
	if !node.Null(node.Get(root, "sops")) {
		return fmt.Errorf("%s (%s:%d) is encrypted: give it decrypted, as another file of the input", ref, o.File, o.Line)
	}
	content, err := manifest.Content(root)
	if err != nil {
		return fmt.Errorf("%s (%s:%d): %w", ref, o.File, o.Line, err)
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, to); err != nil {
		// The library's message may hold a value.
		return fmt.Errorf("%s (%s:%d): %w", ref, o.File, o.Line, errors.New("its data is no map of texts, base64 in a Secret"))
	}
	if isSecret {
		takeStringData(secret)
	}
	return nil
}

// takeStringData does what the API server does with it.
func takeStringData(s *corev1.Secret) {
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	for key, value := range s.StringData {
		s.Data[key] = []byte(value)
	}
	s.StringData = nil
}
