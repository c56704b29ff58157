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
		if _, err := strconv.ParseFloat(v.String(), 64); err != nil {
			return v.String()
		}
	}
	return value
}
