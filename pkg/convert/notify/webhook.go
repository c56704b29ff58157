package notify

import (
	"net/url"
	"slices"
	"strings"
)

// gitTypes are types of Providers whose address is that of a repository
// (notification-controller docs, Provider, Git commit status updates).
var gitTypes = []string{"github", "githubdispatch", "githubpullrequestcomment", "gitlab", "gitlabmergerequestcomment", "gitea", "giteapullrequestcomment", "bitbucket", "bitbucketserver", "azuredevops"}

// apis are the ends of addresses that let nobody in without a token.
var apis = []string{"/chat.postMessage", "/v1/messages", "/v2/alerts", "/annotations"}

// Webhook tells whether the address of a Provider of a type is a credential as a whole, as
// whoever knows it may post there: that of a bare host, an API or a repository is none.
func Webhook(kind, address string) bool {
	u, err := url.Parse(address)
	switch {
	case address == "" || slices.Contains(gitTypes, kind):
		return false
	case err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		return true
	}
	path := strings.TrimRight(u.Path, "/")
	return path != "" && !slices.ContainsFunc(apis, func(end string) bool { return strings.HasSuffix(path, end) })
}
