package content

import (
	"encoding/json"
	"reflect"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	strictjson "sigs.k8s.io/json"
)

// kinds are those of Kubernetes that client-go knows. Its own scheme is no measure: other
// libraries add to that. CRDs, whose types read schemas without looking at unknown fields,
// are not among them.
var kinds = sync.OnceValue(func() *runtime.Scheme {
	known := runtime.NewScheme()
	utilruntime.Must(scheme.AddToScheme(known))
	return known
})

// builtin returns an object of a kind of Kubernetes as the API server stores it before
// defaults: decoded into its type and encoded again. So null, empty and absent are what
// they are to the field's type, quantities are canonical, and base64 has one form. The
// status of these kinds is a subresource, and no apply writes it.
//
// ok is false for other kinds, and for what the type does not take: unknown fields,
// texts for numbers.
func builtin(tree map[string]any) (_ map[string]any, ok bool) {
	version, _ := tree["apiVersion"].(string)
	kind, _ := tree["kind"].(string)
	typed, err := kinds().New(schema.FromAPIVersionAndKind(version, kind))
	if err != nil {
		return nil, false
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return nil, false
	}
	if unknown, err := strictjson.UnmarshalStrict(data, typed); err != nil || len(unknown) > 0 {
		return nil, false
	}
	settle(typed)
	kept, ok := fromStorage(typed)
	if !ok {
		return nil, false
	}
	if data, err = json.Marshal(kept); err != nil {
		return nil, false
	}
	var stored map[string]any
	if err := utiljson.Unmarshal(data, &stored); err != nil {
		return nil, false
	}
	stored["apiVersion"], stored["kind"] = version, kind
	delete(stored, "status")
	return stored, true
}

// fromStorage returns an object as it comes back from etcd, where built-in kinds are kept as
// protobuf, which does not tell an empty list from none.
func fromStorage(o runtime.Object) (runtime.Object, bool) {
	from, ok := o.(interface{ Marshal() ([]byte, error) })
	to, can := reflect.New(reflect.TypeOf(o).Elem()).Interface().(interface {
		runtime.Object
		Unmarshal([]byte) error
	})
	if !ok || !can {
		return nil, false
	}
	data, err := from.Marshal()
	if err != nil {
		return nil, false
	}
	return to, to.Unmarshal(data) == nil
}

// settle writes the defaults that one of the tools writes too: those that Flux sets before
// it applies (fluxcd/pkg ssa/normalize/normalize.go), and what the API server makes
// of a Secret (kubernetes pkg/apis/core/v1/conversion.go; its type, which kustomize's
// generators write, is a default of defaults.go there).
func settle(o runtime.Object) {
	switch o := o.(type) {
	case *corev1.Pod:
		settlePod(&o.Spec)
	case *appsv1.Deployment:
		settlePod(&o.Spec.Template.Spec)
	case *appsv1.StatefulSet:
		settlePod(&o.Spec.Template.Spec)
	case *appsv1.DaemonSet:
		settlePod(&o.Spec.Template.Spec)
	case *appsv1.ReplicaSet:
		settlePod(&o.Spec.Template.Spec)
	case *batchv1.Job:
		settlePod(&o.Spec.Template.Spec)
	case *batchv1.CronJob:
		settlePod(&o.Spec.JobTemplate.Spec.Template.Spec)
	case *corev1.Service:
		for i := range o.Spec.Ports {
			settleProtocol(&o.Spec.Ports[i].Protocol)
		}
	case *corev1.Secret:
		settleSecret(o)
	}
}

func settlePod(spec *corev1.PodSpec) {
	for _, c := range spec.Containers {
		for i := range c.Ports {
			settleProtocol(&c.Ports[i].Protocol)
		}
	}
}

func settleProtocol(p *corev1.Protocol) {
	if *p == "" {
		*p = corev1.ProtocolTCP
	}
}

func settleSecret(o *corev1.Secret) {
	if o.Type == "" {
		o.Type = corev1.SecretTypeOpaque
	}
	if len(o.StringData) > 0 && o.Data == nil {
		o.Data = map[string][]byte{}
	}
	for key, value := range o.StringData {
		o.Data[key] = []byte(value)
	}
	o.StringData = nil
}
