package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/pflag"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/migrate"
)

// defaultCluster is the name that objects of files are recorded under.
const defaultCluster = "default"

// databaseFlags say which database, and what the cluster is called there.
type databaseFlags struct {
	dsn     string
	cluster string
}

func (d *databaseFlags) set(cluster string) *pflag.FlagSet {
	set := newFlagSet("database")
	set.StringVar(&d.dsn, "database", "", "`address` of the database; by default "+store.DatabaseEnv+" or the variables of libpq (PGHOST, PGSERVICE...)")
	set.StringVar(&d.cluster, "cluster-name", "", cluster)
	return set
}

// config reads the address, so that a mistake in it shows before any work is done.
func (d *databaseFlags) config() (*pgx.ConnConfig, error) { return store.Config(d.dsn) }

// named settles what the cluster is called: live objects are of the cluster of the
// kubeconfig.
func (d *databaseFlags) named(from inputFlags) string {
	if d.cluster != "" {
		return d.cluster
	}
	if len(from.resources) == 0 {
		return defaultCluster
	}
	config, err := from.kube.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return defaultCluster
	}
	if from.kube.ClusterName != nil && *from.kube.ClusterName != "" {
		return *from.kube.ClusterName
	}
	current := config.CurrentContext
	if from.kube.Context != nil && *from.kube.Context != "" {
		current = *from.kube.Context
	}
	if c := config.Contexts[current]; c != nil && c.Cluster != "" {
		return c.Cluster
	}
	return defaultCluster
}

// recordRun writes a run.
func recordRun(ctx context.Context, config *pgx.ConnConfig, run store.Run) (summary store.Summary, err error) {
	err = inDatabase(ctx, config, func(conn *pgx.Conn) error {
		summary, err = store.Record(ctx, conn, run)
		return err
	})
	return summary, err
}

// inDatabase connects for write. Tables are made in a database that has none; those of an
// older version are left to --migrate, as other processes may still write them.
func inDatabase(ctx context.Context, config *pgx.ConnConfig, write func(*pgx.Conn) error) error {
	conn, err := store.Connect(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if v, err := store.Version(ctx, conn); err == nil && v == 0 {
		if err := migrate.Up(ctx, conn); err != nil {
			return err
		}
	}
	return write(conn)
}
