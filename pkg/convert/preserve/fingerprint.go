// Package preserve keeps what a conversion cannot carry: how an object was, as the
// difference to what comes back of it, so that the way back can restore it wherever
// nobody has changed it since.
package preserve

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Fingerprint tells values apart without showing them.
func Fingerprint(value any) string {
	text, err := json.Marshal(value) // keys are sorted
	if err != nil {
		return "" // no value of JSON: never the same as another
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
