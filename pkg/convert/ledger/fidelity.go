package ledger

import "fmt"

// Fidelity says how well one field of the input survives the conversion.
type Fidelity uint8

// The zero value is Unknown, so that a field nobody thought of is loud.
const (
	// Unknown: no rule claims the field. A defect, or a field newer than the schemas.
	Unknown Fidelity = iota
	// Exact: the value is carried over and comes back unchanged on the way back.
	Exact
	// Equivalent: same effect, other form.
	Equivalent
	// Approximate: behaviour may differ; the note says how and what to do.
	Approximate
	// Unsupported: no counterpart; the note says the nearest thing.
	Unsupported
	// Runtime: state that the cluster writes, not desired state.
	Runtime
)

var names = [...]string{"unknown", "exact", "equivalent", "approximate", "unsupported", "runtime"}

// Fidelities lists every value, best known first and Unknown last.
func Fidelities() []Fidelity {
	return []Fidelity{Exact, Equivalent, Approximate, Unsupported, Runtime, Unknown}
}

// String returns the public name, for example "approximate".
func (f Fidelity) String() string {
	if int(f) < len(names) {
		return names[f]
	}
	return fmt.Sprintf("fidelity(%d)", uint8(f))
}

// MarshalText makes a Fidelity its name in JSON.
func (f Fidelity) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText accepts the names that String returns.
func (f *Fidelity) UnmarshalText(text []byte) error {
	for i, name := range names {
		if name == string(text) {
			*f = Fidelity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown fidelity %q", text)
}

// Severity orders fidelities for people: the larger, the more it wants attention.
func (f Fidelity) Severity() int {
	switch f {
	case Unknown:
		return 4
	case Unsupported:
		return 3
	case Approximate:
		return 2
	case Equivalent:
		return 1
	default:
		return 0
	}
}
