package content

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// Write prints a result for people, like a unified diff whose places are fields: what is
// on the left side stands behind a minus, what is on the right behind a plus.
func Write(out io.Writer, r Result, left, right Tool) error {
	var b bytes.Buffer
	if r.Equal() {
		fmt.Fprintf(&b, "no difference (%d and %d objects)\n", r.Left, r.Right)
	} else {
		fmt.Fprintf(&b, "--- %s\n+++ %s\n", left, right)
	}
	last := ledger.Object{}
	for _, d := range r.Differences {
		if d.Object != last {
			fmt.Fprintf(&b, "@@ %s%s @@\n", title(d.Object), origins(d))
			last = d.Object
		}
		writeDifference(&b, d)
	}
	_, err := out.Write(b.Bytes())
	return err
}

func title(o ledger.Object) string {
	name := o.Name
	if o.Namespace != "" {
		name = o.Namespace + "/" + name
	}
	return fmt.Sprintf("%s %s %s", o.APIVersion, o.Kind, name)
}

// origins names the files that an object is from.
func origins(d Difference) string {
	left, right := d.LeftOrigin.File, d.RightOrigin.File
	switch {
	case left == "" || left == right:
		left = right
	case right != "":
		left += ", " + right
	}
	if left == "" {
		return ""
	}
	return " (" + left + ")"
}

func writeDifference(b *bytes.Buffer, d Difference) {
	about := []string{string(d.Kind)}
	if d.Path != "" {
		about = []string{d.Path}
	}
	if d.Kind == Order {
		about = append(about, "order differs")
	}
	if d.Reason != "" {
		about = append(about, d.Reason)
	}
	fmt.Fprintf(b, "  %s\n", strings.Join(about, ": "))
	if d.Left != "" {
		fmt.Fprintf(b, "-   %s\n", d.Left)
	}
	if d.Right != "" {
		fmt.Fprintf(b, "+   %s\n", d.Right)
	}
}
