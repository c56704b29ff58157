package flux

import (
	"bytes"
	"encoding/json"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// withFiles writes objects as a stream that kustomize reads, with their files.
func withFiles(objects []manifest.Object) ([]byte, error) {
	var stream bytes.Buffer
	for _, o := range objects {
		o.Unstructured = *o.DeepCopy()
		o.SetAnnotations(merge(o.GetAnnotations(), map[string]string{fileMark: o.Origin.File}))
		data, err := json.Marshal(o.Object)
		if err != nil {
			return nil, err
		}
		stream.WriteString("---\n")
		stream.Write(data)
		stream.WriteByte('\n')
	}
	return stream.Bytes(), nil
}

// takeFiles takes the files back, and tells hooks from others again.
func takeFiles(objects []manifest.Object) {
	for i := range objects {
		o := &objects[i]
		annotations := o.GetAnnotations()
		o.Origin.File = annotations[fileMark]
		delete(annotations, fileMark)
		if len(annotations) == 0 {
			annotations = nil
		}
		o.SetAnnotations(annotations)
		if _, ok := annotations[hook.HelmAnnotation]; ok {
			o.Part = manifest.Hook
		}
	}
}
