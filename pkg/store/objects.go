package store

import (
	"context"
	"crypto/sha256"
	"hash"
	"hash/maphash"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// A chunk bounds the memory of a run: that many objects or bytes wait for the server.
const (
	chunkObjects = 20_000
	chunkBytes   = 32 << 20
)

// An objectWriter writes the objects of a run. New ones are copied into their tables;
// changed ones are copied into a staging table and merged at the end; the others are
// touched where they were last seen long ago.
type objectWriter struct {
	tx      pgx.Tx
	cluster string
	at      time.Time

	// known are the objects in the database and in the run, by the hashes of their keys.
	known  map[uint64]known
	loaded map[inventory.Class]bool
	seed   maphash.Seed

	pending batch
	sending chan error // nil while nothing is on its way
	staging bool
	buffer  []byte

	ordinal int64
	summary Summary
	// scope and inputs digest the keys and the contents.
	scope, inputs hash.Hash
}

// known is what is known of an object: the beginning of its content's hash, whether it
// was last seen long ago, and whether it was in the run.
type known struct {
	hash      [16]byte
	old, seen bool
}

// A batch is what goes to the server at once.
type batch struct {
	fresh, changed, stale []*staged
	bytes                 int
}

func (b *batch) full() bool {
	return b.bytes >= chunkBytes || len(b.fresh)+len(b.changed)+len(b.stale) >= chunkObjects
}

// staged is an object on its way, with the hash of what it is.
type staged struct {
	inventory.Object
	hash    [sha256.Size]byte
	ordinal int64
}

func newObjectWriter(tx pgx.Tx, cluster string, at time.Time) *objectWriter {
	return &objectWriter{
		tx: tx, cluster: cluster, at: at, seed: maphash.MakeSeed(),
		known: map[uint64]known{}, loaded: map[inventory.Class]bool{},
		scope: sha256.New(), inputs: sha256.New(),
	}
}

func (w *objectWriter) add(ctx context.Context, o inventory.Object) error {
	if o.Definition == nil {
		w.summary.Incomplete++
		return nil
	}
	if err := w.load(ctx, tables[o.Class]); err != nil {
		return err
	}
	w.buffer = content(w.buffer[:0], o)
	hash := sha256.Sum256(w.buffer)
	w.inputs.Write(hash[:])
	w.sort(o, hash)
	w.ordinal++
	if !w.pending.full() {
		return nil
	}
	return w.flush(ctx)
}

// keyHash is what an object is known by, whose key is in the buffer then.
func (w *objectWriter) keyHash(k *inventory.Key) uint64 {
	w.buffer = appendTexts(w.buffer[:0], k.Kind, k.Namespace, k.Name)
	return maphash.Bytes(w.seed, w.buffer)
}

// load learns once what the database knows of a table's objects.
func (w *objectWriter) load(ctx context.Context, t table) error {
	if w.loaded[t.class] {
		return nil
	}
	w.loaded[t.class] = true
	if err := w.wait(); err != nil {
		return err
	}
	rows, err := w.tx.Query(ctx, t.load(), w.cluster, w.at.Add(-seenPrecision))
	if err != nil {
		return err
	}
	var key inventory.Key
	var hash []byte
	var k known
	_, err = pgx.ForEachRow(rows, []any{&key.Namespace, &key.Kind, &key.Name, &hash, &k.old}, func() error {
		copy(k.hash[:], hash)
		w.known[w.keyHash(&key)] = k
		return nil
	})
	return err
}

// sort decides what becomes of an object. One that was in the run before is merged in
// any case: the last one counts. Most of a rerun is dropped here, so nothing is kept for
// it.
func (w *objectWriter) sort(o inventory.Object, hash [sha256.Size]byte) {
	key := w.keyHash(&o.Key)
	w.scope.Write(w.buffer)
	keep := func(list *[]*staged) {
		*list = append(*list, &staged{Object: o, hash: hash, ordinal: w.ordinal})
	}
	k, exists := w.known[key]
	switch {
	case !exists:
		keep(&w.pending.fresh)
		w.pending.bytes += len(o.Definition)
		w.summary.Added++
	case k.seen:
		w.summary.Twice++
		fallthrough
	case k.hash != [16]byte(hash[:]):
		keep(&w.pending.changed)
		w.pending.bytes += len(o.Definition)
	case k.old:
		keep(&w.pending.stale)
	}
	w.known[key] = known{hash: [16]byte(hash[:]), seen: true}
}

// finish writes what is pending and merges what was staged.
func (w *objectWriter) finish(ctx context.Context) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	if err := w.wait(); err != nil {
		return err
	}
	if w.staging {
		if err := w.merge(ctx); err != nil {
			return err
		}
	}
	w.summary.Unchanged = w.ordinal - w.summary.Twice - w.summary.Added - w.summary.Changed
	return nil
}

func (w *objectWriter) merge(ctx context.Context) error {
	if _, err := w.tx.Exec(ctx, dropRepeats); err != nil {
		return err
	}
	for _, t := range tables {
		kept, err := w.tx.Exec(ctx, t.keep(), w.cluster, w.at)
		if err != nil {
			return err
		}
		w.summary.Changed += kept.RowsAffected()
		if _, err := w.tx.Exec(ctx, t.merge(), w.cluster, w.at); err != nil {
			return err
		}
	}
	return nil
}
