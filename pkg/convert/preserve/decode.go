package preserve

import (
	"bytes"
	"encoding/json"
)

// Decode reads JSON into values as [Value] returns them, or nil.
func Decode(text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return nil
	}
	return value
}
