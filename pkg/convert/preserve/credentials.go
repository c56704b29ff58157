package preserve

import (
	"net/url"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
)

// addresses are the fields that hold a URL of a repository.
var addresses = map[string]bool{"url": true, "repoURL": true}

// withoutCredentials takes user and password out of the addresses of a spec: a
// credential is copied nowhere.
func withoutCredentials(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			withoutCredentials(item)
		}
	case map[string]any:
		for key, child := range v {
			text, isText := child.(string)
			if !isText || !addresses[key] {
				withoutCredentials(child)
				continue
			}
			if u, err := url.Parse(text); err == nil && u.User != nil && (u.Scheme == "http" || u.Scheme == "https" || hasPassword(u)) {
				u.User = nil
				v[key] = u.String()
			}
		}
	}
}

func hasPassword(u *url.URL) bool {
	_, ok := u.User.Password()
	return ok
}

// withoutWebhook takes the address from the spec of a Provider where whoever knows it may
// post there.
func withoutWebhook(kind, spec any) {
	provider, _ := spec.(map[string]any)
	address, _ := provider["address"].(string)
	if service, _ := provider["type"].(string); kind == "Provider" && notify.Webhook(service, address) {
		delete(provider, "address")
	}
}
