package mapping

// HasCredentials tells whether a URL of a repository carries a password or a token.
func HasCredentials(url string) bool { return hasUserinfo(url) }
