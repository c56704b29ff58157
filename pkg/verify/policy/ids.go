package policy

// IDs returns those of all rows, in their order.
func IDs() (ids []string) {
	for _, r := range rows {
		ids = append(ids, r.slug)
	}
	return ids
}
