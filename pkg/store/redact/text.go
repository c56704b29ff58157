package redact

import (
	"regexp"
	"strings"
)

// tokens are forms of credentials that services document, and private keys.
var tokens = regexp.MustCompile(`(?s)` + strings.Join([]string{
	`-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|\z)`,
	`\bLS0tLS1CRUdJTi(BQUklW|BSU0Eg|BFQyBQ|BEU0Eg|BPUEVO|BFTkNS|BQR1AgUF)[A-Za-z0-9+/]*={0,2}`, // the same in base64
	`\bgh[pousr]_[A-Za-z0-9]{16,}`, `\bgithub_pat_\w{16,}`,
	`\bgl(pat|rt|dt|ptt|cbt|soat)-[\w-]{10,}`,
	`\bxox[abeoprs]-[\w-]{8,}`, `\bxapp-[\w-]{8,}`,
	`\b(AKIA|ASIA)[A-Z0-9]{12,}`, `\bAIza[\w-]{30,}`, `\bya29\.[\w-]{10,}`,
	`\beyJ[\w-]{8,}\.[\w-]{4,}(\.[\w-]*)?`,
	`\b(sk|pk|rk)[-_](live|test|proj|ant)?[-_]?\w{16,}`,
	`\bhv[sbr]\.[\w-]{16,}`, `\bdckr_pat_[\w-]{10,}`, `\bnpm_[A-Za-z0-9]{20,}`,
	`\bAGE-SECRET-KEY-1[0-9A-Z]+`, `\bdop_v1_[a-f0-9]{20,}`, `\bSG\.[\w-]{10,}\.[\w-]{10,}`,
	`(?i:\bbearer)\s+[\w.~+/=-]{12,}`, `(?i:\bbasic)\s+[A-Za-z0-9+/]{15,}={0,2}`,
}, "|"))

// hints are texts of which one is in every match of tokens.
var hints = []string{
	"PRIVATE KEY", "LS0tLS1CRUdJTi", "gh", "github_", "gl", "xox", "xapp", "AKIA", "ASIA", "AIza", "ya29", "eyJ", "sk", "pk", "rk",
	"hv", "dckr_", "npm_", "AGE-", "dop_", "SG.", "earer", "EARER", "asic", "ASIC",
}

// assigned is a name before a value in running text: password=x, key: "x", --token x.
var assigned = regexp.MustCompile(`([\w./-]*[A-Za-z][\w.-]*)["'\])]*[ \t]*[=:][ \t]*|(?:^|[\s"'\[(,])(--?[A-Za-z][\w.-]*)[ \t]+`)

// assignedValue is what follows: quoted text or one word.
var assignedValue = regexp.MustCompile(`^("[^"\n]*"|'[^'\n]*'|["']?[^\s"',;&{}\[\]]+)`)

// Text hides what a string holds of credentials.
func Text(s string) string {
	if len(s) < 4 {
		return s
	}
	s = embedded(s)
	if strings.Contains(s, "://") {
		s = urls(s)
	}
	if containsAny(s, hints) {
		s = tokens.ReplaceAllString(s, Mask)
	}
	if suspicious(s) && strings.ContainsAny(s, "=: ") {
		s = assignments(s)
	}
	return s
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// isPort tells whether what looks like a name and its value is the host and port of a URL.
func isPort(name, value string) bool {
	port, _, _ := strings.Cut(value, "/")
	return strings.HasPrefix(name, "//") && !strings.Contains(name[2:], "/") && digits(port)
}

// assignments hides the values of names that speak of credentials.
func assignments(s string) string {
	var b strings.Builder
	for {
		at := assigned.FindStringSubmatchIndex(s)
		if at == nil {
			break
		}
		name := s[max(at[2], at[4]):max(at[3], at[5])]
		b.WriteString(s[:at[1]])
		s = s[at[1]:]
		value := assignedValue.FindString(s)
		if value != "" && value != Mask && !strings.HasPrefix(value, "//") && Sensitive(name) && !isPort(name, value) {
			b.WriteString(Mask)
			s = s[len(value):]
		}
	}
	return b.String() + s
}
