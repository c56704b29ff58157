package inventory

import (
	"encoding/json"
	"strconv"
	"strings"
)

// portable turns what JSON allows and jsonb does not into what both do: the character
// NUL (PostgreSQL documentation, JSON Types), and numbers past the range of a double.
func portable(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			if strings.ContainsRune(key, 0) {
				delete(v, key)
				key = strings.ReplaceAll(key, "\x00", "\uFFFD")
			}
			v[key] = portable(child)
		}
	case []any:
		for i := range v {
			v[i] = portable(v[i])
		}
	case string:
		return strings.ReplaceAll(v, "\x00", "\uFFFD")
	case json.Number:
		if !numeric(v.String()) {
			return v.String()
		}
	}
	return value
}

// maxDigits is how long a number may be. PostgreSQL's numeric, which jsonb keeps numbers
// in, has room for 16,383 digits after the point.
const maxDigits = 1000

// numeric tells whether a number is within the range of a double, neither too large for
// one nor so small that nothing of it is left.
func numeric(s string) bool {
	number, err := strconv.ParseFloat(s, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	return err == nil && len(s) <= maxDigits && (number != 0 || !strings.ContainsAny(mantissa, "123456789"))
}
