package redact

import (
	"regexp"
	"strings"
)

// secretQuery is a parameter of a URL that holds a credential.
var secretQuery = regexp.MustCompile(`(?i)([?&](?:[\w.-]*(?:token|secret|password|passwd|key|sig|signature|credential|auth)|x-amz-[\w-]+|pwd|pat)=)[^&\s"'#]+`)

// secretPaths are hosts whose URLs are credentials as a whole, incoming webhooks, and
// streams of cameras, which let in whoever knows their path.
var secretPaths = regexp.MustCompile(`(?i)((?:hooks\.slack\.com|discord(?:app)?\.com/api/webhooks|[\w.-]+\.webhook\.office\.com|chat\.googleapis\.com|[\w.-]+\.logic\.azure\.com|api\.telegram\.org|rtsps?://[^/\s"']+)/)[^\s"']+`)

// urls hides user and password, and what else of a URL lets somebody in.
func urls(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			break
		}
		b.WriteString(s[:i+3])
		end := i + 3
		for end < len(s) && !strings.ContainsRune(" \t\r\n\"'<>`", rune(s[end])) {
			end++
		}
		b.WriteString(withoutUserinfo(s[:i], s[i+3:end]))
		s = s[end:]
	}
	b.WriteString(s)
	text := secretQuery.ReplaceAllString(b.String(), "${1}"+Mask)
	return secretPaths.ReplaceAllString(text, "${1}"+Mask)
}

// withoutUserinfo takes the userinfo off what follows scheme://. The login name of
// ssh alone is no secret. A password with a slash in it makes an invalid URL, and is a
// password all the same.
func withoutUserinfo(scheme, rest string) string {
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		if strings.HasSuffix(scheme, "ssh") && !strings.Contains(authority[:at], ":") {
			return rest
		}
		return rest[at+1:]
	}
	colon := strings.IndexByte(authority, ':')
	at := strings.LastIndexByte(rest, '@')
	if colon >= 0 && at >= 0 && !digits(authority[colon+1:]) {
		return rest[at+1:]
	}
	return rest
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
