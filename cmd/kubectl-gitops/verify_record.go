package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// recorded records what was found once all of it is printed. A verification that was
// broken off is not recorded.
func (op *verifyOp) recorded(ctx context.Context, s streams, bar *progress, run *verify.Run, config *pgx.ConnConfig) error {
	database := databaseFlags{cluster: op.convert.cluster}
	v := store.Verification{Cluster: database.named(op.convert.from), Version: toolVersion()}
	done := op.results(ctx, s, bar, run, func(r *verify.Result) { v.Deployments = append(v.Deployments, kept(r)) })
	if done != nil && !errors.Is(done, errFindings) {
		return done
	}
	var id string
	var repeated bool
	err := inDatabase(ctx, config, func(conn *pgx.Conn) (err error) {
		id, repeated, err = store.RecordVerification(ctx, conn, v)
		return err
	})
	switch {
	case err != nil:
		return notRecorded{err}
	case op.convert.quiet:
	case repeated:
		fmt.Fprintf(s.err, "nothing new: run %s found the same\n", id)
	default:
		fmt.Fprintf(s.err, "recorded as run %s\n", id)
	}
	return done
}

// kept is what is recorded of a result.
func kept(r *verify.Result) store.VerifiedDeployment {
	subject, other := r.Left, r.Right
	if subject == nil {
		subject, other = r.Right, nil
	}
	first := subject.Objects[0]
	d := store.VerifiedDeployment{
		Tool: string(subject.Tool), Object: first.Object, File: first.File, Line: first.Line,
		Counterpart: objectsOf(other), PairedBy: string(r.By), Good: r.Good,
		Content: string(r.Content.Verdict), Objects: r.Content.Objects, Reasons: r.Content.Reasons,
		Fields: r.Fields.Fields(), Unknown: r.Fields.Unknown, Invalid: len(r.Schema),
	}
	for _, x := range r.Content.Differences {
		d.Differences = append(d.Differences, store.VerifiedDifference{Object: x.Object, Path: x.Path})
	}
	for _, row := range r.Policy {
		if row.Verdict != policy.Same {
			d.Policies = append(d.Policies, store.VerifiedPolicy{
				ID: row.ID, Verdict: string(row.Verdict), Left: row.Left.Text, Right: row.Right.Text,
				Meaning: row.Meaning, Accepted: slices.Contains(r.Accepted, row.ID),
			})
		}
	}
	return d
}

func objectsOf(p *verify.Part) (objects []ledger.Object) {
	if p == nil {
		return nil
	}
	for _, o := range p.Objects {
		objects = append(objects, o.Object)
	}
	return objects
}
