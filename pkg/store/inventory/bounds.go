package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// The longest texts, in bytes, that are kept whole. All of them stand in one index of
// PostgreSQL, whose rows have room for 2,704 bytes (nbtree/README). What Kubernetes
// accepts as a name, namespace or kind is never longer.
const (
	maxLabel   = 63
	maxName    = 253
	maxAddress = 500
)

// Clean returns the key as it is kept: without credentials and no longer than an index
// takes. Keys that differ stay different.
func (k Key) Clean() Key {
	return Key{
		Namespace: bounded(Text(k.Namespace), maxLabel),
		Kind:      bounded(Text(k.Kind), maxLabel),
		Name:      bounded(Text(k.Name), maxName),
	}
}

// bounded cuts a text that is too long, and marks it with a digest of the whole.
func bounded(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	digest := sha256.Sum256([]byte(s))
	mark := "…" + hex.EncodeToString(digest[:6])
	return strings.ToValidUTF8(s[:limit-len(mark)], "") + mark
}

// Path bounds the path of a field as a key is bounded.
func Path(s string) string { return bounded(s, maxAddress) }
