package object

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// MaxName is the longest name that works everywhere: Flux writes the names of
// Kustomizations and HelmReleases as label values on all they apply
// (fluxcd/pkg ssa/manager.go).
const MaxName = 63

// Fit returns name where it is short enough, else a cut of it with a hash of the
// whole, which is the same on every run.
func Fit(name string, limit int) string {
	if len(name) <= limit {
		return name
	}
	return strings.TrimRight(name[:limit-9], "-.") + "-" + Hash(name)
}

// Hash returns 8 hexadecimal digits of text's SHA-256.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// Slug turns text into a DNS label: lower case letters, digits and single dashes; a
// hash where only other alphabets have letters in the text.
func Slug(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	if b.Len() == 0 && strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		return Hash(text)
	}
	return strings.TrimRight(b.String(), "-")
}
