package manifest

import (
	"reflect"
	"strings"
	"testing"

	"k8s.io/client-go/kubernetes"
)

// groups are the API groups by the first word of client-go's names for them.
var groups = map[string]string{
	"Admissionregistration": "admissionregistration.k8s.io", "Apps": "apps", "Authentication": "authentication.k8s.io",
	"Authorization": "authorization.k8s.io", "Autoscaling": "autoscaling", "Batch": "batch", "Certificates": "certificates.k8s.io",
	"Coordination": "coordination.k8s.io", "Core": "", "Discovery": "discovery.k8s.io", "Events": "events.k8s.io",
	"Extensions": "extensions", "Flowcontrol": "flowcontrol.apiserver.k8s.io", "Internal": "internal.apiserver.k8s.io",
	"Lifecycle": "lifecycle.k8s.io", "Networking": "networking.k8s.io", "Node": "node.k8s.io", "Policy": "policy", "Rbac": "rbac.authorization.k8s.io",
	"Resource": "resource.k8s.io", "Scheduling": "scheduling.k8s.io", "Storage": "storage.k8s.io",
	"Storagemigration": "storagemigration.k8s.io",
}

// TestClusterKind asks client-go's typed clients: those of kinds with a namespace take
// one.
func TestClusterKind(t *testing.T) {
	clients := reflect.TypeFor[kubernetes.Interface]()
	kinds := 0
	for i := range clients.NumMethod() {
		name, version, ok := strings.Cut(clients.Method(i).Name, "V")
		if !ok || version == "" {
			continue // Discovery, the client of discovery itself
		}
		group, ok := groups[name]
		if !ok {
			t.Fatalf("%s: a group that this test does not know", clients.Method(i).Name)
		}
		client := clients.Method(i).Type.Out(0)
		for j := range client.NumMethod() {
			method := client.Method(j).Type
			kind, ok := strings.CutSuffix(method.Out(0).Name(), "Interface")
			if client.Method(j).Name == "RESTClient" || !ok {
				continue
			}
			kinds++
			if got, want := ClusterKind(group, kind), method.NumIn() == 0; got != want {
				t.Errorf("%s %s: cluster scoped %v, want %v", group, kind, got, want)
			}
		}
	}
	if kinds < 100 {
		t.Errorf("only %d kinds seen", kinds)
	}
}
