package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// A Verification is what a run of verify found.
type Verification struct {
	// Cluster is the name that everything is recorded under.
	Cluster string
	// Version of the tool.
	Version     string
	Deployments []VerifiedDeployment
}

// A VerifiedDeployment is what was found about one deployment.
type VerifiedDeployment struct {
	Tool   string
	Object ledger.Object
	File   string
	Line   int
	// Counterpart are the objects of the other side, and PairedBy what brought both together.
	Counterpart []ledger.Object
	PairedBy    string
	Good        bool
	// Content is the verdict about Objects objects, for Reasons.
	Content string
	Objects int
	Reasons []string
	// Differences name what differs; values are not kept, as they may be secrets.
	Differences []VerifiedDifference
	// Fields counts those of the objects, Unknown those that no rule accounts for, and
	// Invalid places that the API server would refuse.
	Fields, Unknown, Invalid int
	// Policies are the rows that are not the same.
	Policies []VerifiedPolicy
}

// A VerifiedDifference is an object, or a field of it, that is not the same on both sides.
type VerifiedDifference struct {
	ledger.Object
	Path string `json:"path,omitempty"`
}

// A VerifiedPolicy is a row of the policy that is not the same.
type VerifiedPolicy struct {
	ID, Verdict, Left, Right, Meaning string
	Accepted                          bool
}

// RecordVerification writes a verification in one transaction; one that repeats the last
// one is that one. It returns its identifier.
func RecordVerification(ctx context.Context, conn *pgx.Conn, v Verification) (id string, repeated bool, err error) {
	if v.Cluster == "" || len(v.Cluster) > maxCluster {
		return "", false, fmt.Errorf("the name of the cluster must have 1 to %d bytes", maxCluster)
	}
	if err := Check(ctx, conn); err != nil {
		return "", false, err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return "", false, fmt.Errorf("database: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // after a commit it does nothing
	w := verificationWriter{tx: tx, v: v.cleaned()}
	if err := w.write(ctx); err != nil {
		return "", false, explained(err)
	}
	if err := tx.Commit(ctx); err != nil {
		return "", false, uncertain(err)
	}
	return w.id, w.repeated, nil
}

// cleaned returns the verification without credentials and without what PostgreSQL does
// not take.
func (v Verification) cleaned() Verification {
	deployments := make([]VerifiedDeployment, len(v.Deployments))
	for i, d := range v.Deployments {
		d.Object, d.File = cleanObject(d.Object), inventory.Text(d.File)
		d.Counterpart = mapped(d.Counterpart, cleanObject)
		d.Reasons = mapped(d.Reasons, inventory.Text)
		d.Differences = mapped(d.Differences, func(x VerifiedDifference) VerifiedDifference {
			return VerifiedDifference{cleanObject(x.Object), inventory.Text(x.Path)}
		})
		d.Policies = mapped(d.Policies, func(p VerifiedPolicy) VerifiedPolicy {
			p.Left, p.Right, p.Meaning = inventory.Text(p.Left), inventory.Text(p.Right), inventory.Text(p.Meaning)
			return p
		})
		deployments[i] = d
	}
	v.Deployments = deployments
	return v
}

// mapped applies f to each item; the result is never nil, so that JSON has a list.
func mapped[T any](items []T, f func(T) T) []T {
	result := make([]T, len(items))
	for i, item := range items {
		result[i] = f(item)
	}
	return result
}

// A verificationWriter writes one verification.
type verificationWriter struct {
	tx       pgx.Tx
	v        Verification
	id       string
	repeated bool
	at       time.Time
}

func (w *verificationWriter) write(ctx context.Context) (err error) {
	if w.at, err = begin(ctx, w.tx, w.v.Cluster); err != nil {
		return err
	}
	scope, results, err := w.digests()
	if err != nil {
		return err
	}
	if w.repeated, err = w.repeats(ctx, scope, results); err != nil || w.repeated {
		return err
	}
	good := 0
	for _, d := range w.v.Deployments {
		if d.Good {
			good++
		}
	}
	err = w.tx.QueryRow(ctx, `INSERT INTO verifications (cluster, id, tool_version, scope_digest, results_digest, recorded_at, last_seen, deployments, good)
VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $5, $6, $7) RETURNING id::text`,
		w.v.Cluster, w.v.Version, scope, results, w.at, len(w.v.Deployments), good).Scan(&w.id)
	if err != nil {
		return err
	}
	return w.rows(ctx)
}

// digests tell which deployments were verified, and what was found.
func (w *verificationWriter) digests() (scope, results []byte, err error) {
	s, r := sha256.New(), sha256.New()
	e := json.NewEncoder(r)
	for _, d := range w.v.Deployments {
		s.Write(appendTexts(nil, d.Tool, d.Object.Kind, d.Object.Namespace, d.Object.Name))
		if err := e.Encode(d); err != nil {
			return nil, nil, err
		}
	}
	return s.Sum(nil), r.Sum(nil), nil
}

// repeats tells whether the last verification of the same deployments found the same.
func (w *verificationWriter) repeats(ctx context.Context, scope, results []byte) (bool, error) {
	var last []byte
	var version string
	err := w.tx.QueryRow(ctx, `SELECT id::text, results_digest, tool_version FROM verifications
WHERE cluster = $1 AND scope_digest = $2 ORDER BY recorded_at DESC LIMIT 1`, w.v.Cluster, scope).Scan(&w.id, &last, &version)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case !bytes.Equal(last, results) || version != w.v.Version:
		return false, nil
	}
	_, err = w.tx.Exec(ctx, "UPDATE verifications SET last_seen = $3 WHERE cluster = $1 AND id = $2 AND last_seen < $4",
		w.v.Cluster, w.id, w.at, w.at.Add(-seenPrecision))
	return true, err
}
