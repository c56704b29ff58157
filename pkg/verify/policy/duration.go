package policy

import (
	"strconv"
	"strings"
	"time"
)

// duration reads a duration of either tool: that of Go, or for Argo CD a bare number of
// seconds (types.go Backoff; argocd-cm timeout.reconciliation).
func duration(text string) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// short writes a duration without units that are zero, so that equal ones read alike.
func short(d time.Duration) string {
	text := d.String()
	if d%time.Minute == 0 && d != 0 {
		text = strings.TrimSuffix(text, "0s")
	}
	if d%time.Hour == 0 && d != 0 {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// normal brings a duration into one form; what is none stays as it is.
func normal(text string) string {
	if d, ok := duration(text); ok {
		return short(d)
	}
	return text
}

// orElse is the first text, or the second where the first is empty.
func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
