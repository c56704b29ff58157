package preserve

import (
	"net/url"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
)

// addresses are the fields that hold the URL of a repository, a cluster or a file, or several.
var addresses = map[string]bool{"url": true, "repoURL": true, "server": true, "path": true, "sourceRepos": true, "valueFiles": true}

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
			switch list, isList := child.([]any); {
			case addresses[key] && isList:
				for i := range list {
					list[i] = withoutUser(list[i])
				}
			case addresses[key]:
				v[key] = withoutUser(child)
			}
			withoutCredentials(v[key])
		}
	}
}

// withoutUser takes user and password out of a URL; anything else stays as it is.
func withoutUser(value any) any {
	text, _ := value.(string)
	if u, err := url.Parse(text); err == nil && u.User != nil && (u.Scheme == "http" || u.Scheme == "https" || hasPassword(u)) {
		u.User = nil
		return u.String()
	}
	return value
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
