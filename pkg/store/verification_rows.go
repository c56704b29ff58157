package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

var verifiedColumns = []string{
	"cluster", "verification", "ordinal", "tool", "namespace", "kind", "name", "file", "line", "counterpart", "paired_by",
	"good", "content", "objects", "differences", "reasons", "fields", "unknown", "invalid",
}

var policyColumns = []string{
	"cluster", "verification", "ordinal", "policy", "verdict", "accepted", "left_value", "right_value", "meaning",
}

// rows copies what was found about each deployment.
func (w *verificationWriter) rows(ctx context.Context) error {
	var deployments, policies [][]any
	for i, d := range w.v.Deployments {
		row, err := w.deployment(i, d)
		if err != nil {
			return err
		}
		deployments = append(deployments, row)
		for _, p := range d.Policies {
			policies = append(policies, []any{
				w.v.Cluster, w.id, int64(i), p.ID, p.Verdict, p.Accepted, p.Left, p.Right, p.Meaning,
			})
		}
	}
	if _, err := w.tx.CopyFrom(ctx, pgx.Identifier{"verified_deployments"}, verifiedColumns, pgx.CopyFromRows(deployments)); err != nil {
		return err
	}
	_, err := w.tx.CopyFrom(ctx, pgx.Identifier{"verified_policies"}, policyColumns, pgx.CopyFromRows(policies))
	return err
}

func (w *verificationWriter) deployment(ordinal int, d VerifiedDeployment) ([]any, error) {
	var lists [3][]byte
	for i, list := range []any{d.Counterpart, d.Differences, d.Reasons} {
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		lists[i] = text
	}
	return []any{
		w.v.Cluster, w.id, int64(ordinal), d.Tool, d.Object.Namespace, d.Object.Kind, d.Object.Name, d.File, int64(d.Line),
		lists[0], optional(d.PairedBy), d.Good, d.Content, int64(d.Objects), lists[1], lists[2],
		int64(d.Fields), int64(d.Unknown), int64(d.Invalid),
	}, nil
}
