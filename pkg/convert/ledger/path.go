package ledger

import "strconv"

// Key appends a mapping key to path: dotted when it reads as an identifier,
// bracketed and quoted otherwise, so that keys with dots stay unambiguous.
func Key(path, key string) string { return string(AppendKey([]byte(path), key)) }

// AppendKey is Key on a byte slice.
func AppendKey(path []byte, key string) []byte {
	if !plain(key) {
		path = append(path, '[')
		path = strconv.AppendQuote(path, key)
		return append(path, ']')
	}
	if len(path) > 0 {
		path = append(path, '.')
	}
	return append(path, key...)
}

// Index appends a sequence index to path.
func Index(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

func plain(key string) bool {
	for i := range len(key) {
		if c := key[i]; c != '_' && c != '-' && c != '$' && !alphanumeric(c) {
			return false
		}
	}
	return key != ""
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
