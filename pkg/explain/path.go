package explain

import "strings"

// A path is the keys of a field or a pattern, without items of lists: "{}" is any key,
// "{prefix*}" one that starts so, "**" a subtree.
type path []string

// parsePath reads what people and the table write: spec.sources[0].path,
// metadata.annotations["a.b/c"], metadata.annotations{a.b/*}. The key of an annotation or
// a label may also stand behind a dot.
func parsePath(text string) (p path) {
	for rest := text; rest != ""; {
		key := ""
		switch end := strings.IndexAny(rest, ".[{"); {
		case strings.HasPrefix(rest, "["):
			inside, after, _ := strings.Cut(rest[1:], "]")
			rest = strings.TrimPrefix(after, ".")
			if key = strings.Trim(inside, `"'`); key == inside {
				continue // an item, by its number or any
			}
		case strings.HasPrefix(rest, "{"):
			inside, after, _ := strings.Cut(rest[1:], "}")
			key, rest = inside, strings.TrimPrefix(after, ".")
			if inside == "" || strings.HasSuffix(inside, "*") {
				key = "{" + inside + "}"
			}
		case len(p) > 0 && strings.Contains(rest, "/") && (p[len(p)-1] == "annotations" || p[len(p)-1] == "labels"):
			key, rest = rest, ""
		case end < 0:
			key, rest = rest, ""
		default:
			key, rest = rest[:end], strings.TrimPrefix(rest[end:], ".")
		}
		if key != "" {
			p = append(p, key)
		}
	}
	return p
}

// match tells how well a pattern fits a field, which may also hold it; 0 is not at all.
func (pattern path) match(field path) int {
	const equal, prefix, likely = 4, 3, 2
	score := equal
	for i, key := range field {
		switch {
		case i >= len(pattern):
			return 0
		case pattern[i] == "**":
			return min(score, likely)
		case pattern[i] == key:
		case pattern[i] == "{}":
			score = min(score, likely)
		case strings.HasSuffix(pattern[i], "*}") && strings.HasPrefix(key, strings.Trim(pattern[i], "{*}")):
			score = min(score, prefix)
		default:
			return 0
		}
	}
	return score
}
