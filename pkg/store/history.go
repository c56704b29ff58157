package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// An ID names a recorded object; empty parts match all.
type ID struct {
	Cluster string
	inventory.Key
}

// ParseID reads NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME.
func ParseID(text string) (id ID, err error) {
	parts := strings.Split(text, "/")
	id.Name = parts[len(parts)-1]
	switch len(parts) {
	case 3:
		id.Kind = parts[0]
		fallthrough
	case 2:
		id.Namespace = parts[len(parts)-2]
	}
	if id.Name == "" || len(parts) > 3 {
		return id, fmt.Errorf("%q: give NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME", text)
	}
	return id, nil
}

// A State is how an object was, from when to when it was seen.
type State struct {
	From, Until       time.Time
	Sync, Health      *string
	Suspended         bool
	TargetRevision    *string
	Revision, Message *string
	Definition        json.RawMessage
}

// Find returns the recorded objects that id may mean.
func Find(ctx context.Context, conn *pgx.Conn, id ID) ([]ID, error) {
	var from []string
	for _, t := range tables {
		from = append(from, "SELECT cluster, namespace, kind, name FROM "+t.name)
	}
	rows, err := values(ctx, conn, `SELECT cluster, namespace, kind, name FROM (`+strings.Join(from, " UNION ALL ")+`) o
WHERE name = $1 AND ($2 = '' OR namespace = $2) AND ($3 = '' OR lower(kind) = lower($3)) AND ($4 = '' OR cluster = $4)
ORDER BY cluster, namespace, kind`, id.Name, id.Namespace, id.Kind, id.Cluster)
	var found []ID
	for _, r := range rows {
		found = append(found, ID{fmt.Sprint(r[0]), inventory.Key{Namespace: fmt.Sprint(r[1]), Kind: fmt.Sprint(r[2]), Name: fmt.Sprint(r[3])}})
	}
	return found, err
}

// History returns the states of an object, the oldest first.
func History(ctx context.Context, conn *pgx.Conn, id ID) ([]State, error) {
	rows, err := conn.Query(ctx, `SELECT seen_from, seen_until, sync_status, health_status, suspended, target_revision,
  revision, message, definition
FROM gitops_history WHERE cluster = $1 AND namespace = $2 AND kind = $3 AND name = $4
ORDER BY seen_from`, id.Cluster, id.Namespace, id.Kind, id.Name)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	versions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v State, err error) {
		var definition []byte
		err = row.Scan(&v.From, &v.Until, &v.Sync, &v.Health, &v.Suspended, &v.TargetRevision, &v.Revision, &v.Message, &definition)
		v.Definition = definition
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	// A definition is kept once, with the newest of the versions that share it.
	for i := len(versions) - 2; i >= 0; i-- {
		if versions[i].Definition == nil {
			versions[i].Definition = versions[i+1].Definition
		}
	}
	return versions, nil
}
