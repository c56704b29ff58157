package verify

import "strings"

func IsRow(id string) bool { return id != "" }
func RowList() string { return strings.Join(nil, ", ") }
