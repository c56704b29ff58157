package document

import (
	"bytes"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestSplit(t *testing.T) {
	type part struct {
		lead, raw string
		line      int
	}
	for _, tt := range []struct {
		name, in string
		want     []part
	}{
		{"nothing", "", nil},
		{"one", "a: 1\n", []part{{"", "a: 1\n", 1}}},
		{"no line end", "a: 1", []part{{"", "a: 1", 1}}},
		{"two", "a: 1\n---\nb: 2\n", []part{{"", "a: 1\n", 1}, {"---\n", "b: 2\n", 3}}},
		{"separator first", "---\na: 1\n", []part{{"---\n", "a: 1\n", 2}}},
		{"separator last", "a: 1\n---", []part{{"", "a: 1\n", 1}, {"---", "", 2}}},
		{"separators only", "---\n---\n", []part{{"---\n", "", 2}, {"---\n", "", 3}}},
		{"comment", "--- # x\na: 1\n", []part{{"--- # x\n", "a: 1\n", 2}}},
		{"blanks", "--- \t\na: 1\n", []part{{"--- \t\n", "a: 1\n", 2}}},
		{"CRLF", "a: 1\r\n---\r\nb: 2\r\n", []part{{"", "a: 1\r\n", 1}, {"---\r\n", "b: 2\r\n", 3}}},
		{"inline", "---\n--- {a: 1}\n--- |\n x\n", []part{{"---\n", "", 2}, {"--- ", "{a: 1}\n", 2}, {"--- ", "|\n x\n", 3}}},
		{"inline marker", "--- ---\n", []part{{"--- ", "---\n", 1}}},
		{"directive", "# x\n%YAML 1.2\n\n---\na: 1\n", []part{{"# x\n%YAML 1.2\n\n---\n", "a: 1\n", 5}}},
		{"header", "# x\n---\na: 1\n", []part{{"", "# x\n", 1}, {"---\n", "a: 1\n", 3}}},
		{"end", "a: 1\n...\nb: 2\n", []part{{"", "a: 1\n", 1}, {"...\n", "b: 2\n", 3}}},
		{"ends", "a: 1\n... # x\n...\n%YAML 1.1\n---\nb: 2\n", []part{{"", "a: 1\n", 1}, {"... # x\n...\n%YAML 1.1\n---\n", "b: 2\n", 6}}},
		{"end with content", "a: 1\n... b\n", []part{{"", "a: 1\n... b\n", 1}}},
		{"late directive", "a: |\n%x\n---\nb: 2\n", []part{{"", "a: |\n%x\n", 1}, {"---\n", "b: 2\n", 4}}},
		{"mark", "\xef\xbb\xbfa: 1\n", []part{{"\xef\xbb\xbf", "a: 1\n", 1}}},
		{"mark and separator", "\xef\xbb\xbf---\na: 1\n", []part{{"\xef\xbb\xbf---\n", "a: 1\n", 2}}},
		{"no markers", "----\n---a\na: ---\n ---\n....\n", []part{{"", "----\n---a\na: ---\n ---\n....\n", 1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			docs, err := Split("f.yaml", []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			var got []part
			for i, d := range docs {
				got = append(got, part{string(d.Lead), string(d.Raw), d.Line})
				if d.File != "f.yaml" || d.Index != i {
					t.Errorf("document %d has file %q, index %d", i, d.File, d.Index)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"a: 1\nb: \x00":      "f.yaml:2: not YAML text: it contains a NUL byte: save the file as UTF-8",
		"a: 1\n\nb: \xff\n":  "f.yaml:3: not YAML text: it contains bytes that are not UTF-8: save the file as UTF-8",
		"\xff\xfea\x00:\x00": "f.yaml:1: not YAML text: it is in UTF-16: save the file as UTF-8",
		"\xfe\xff\x00a\x00:": "f.yaml:1: not YAML text: it is in UTF-16: save the file as UTF-8",
	} {
		if _, err := Split("f.yaml", []byte(in)); err == nil || err.Error() != want {
			t.Errorf("Split(%q): %v, want %s", in, err, want)
		}
	}
}

func TestSplitLarge(t *testing.T) {
	data := bytes.Repeat([]byte("---\n"+deployment), 100<<20/len(deployment))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	docs, err := Split("f.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		if h := docs[i].Peek(); h.Kind != "Deployment" {
			t.Fatalf("document %d is %v", i, h)
		}
	}
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	used := after.TotalAlloc - before.TotalAlloc
	t.Logf("%d documents in %v with %d kB", len(docs), took, used>>10)
	if used > uint64(len(data)/4) {
		t.Errorf("took %d bytes for %d bytes of input", used, len(data))
	}
	if took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a: 1\n---\nb: 2\n", "%YAML 1.2\n--- # x\n...\n", "\xef\xbb\xbf--- {a: b}\r\n...\r\n", "# x\n---\n---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := Split("f.yaml", data)
		if err != nil {
			return
		}
		var all []byte
		for _, d := range docs {
			all = append(all, d.Lead...)
			if line := 1 + bytes.Count(all, lineFeed); d.Line != line {
				t.Errorf("document %d is at line %d, want %d", d.Index, d.Line, line)
			}
			all = append(all, d.Raw...)
			if len(d.Lead)+len(d.Raw) == 0 {
				t.Errorf("document %d has no bytes", d.Index)
			}
		}
		if !bytes.Equal(all, data) {
			t.Errorf("got %q, want %q", all, data)
		}
	})
}

func BenchmarkSplitPeek(b *testing.B) {
	data := bytes.Repeat([]byte("---\n"+deployment), 1000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		docs, err := Split("f.yaml", data)
		if err != nil {
			b.Fatal(err)
		}
		for i := range docs {
			if !docs[i].Peek().OK {
				b.Fatal("cannot peek")
			}
		}
	}
}
