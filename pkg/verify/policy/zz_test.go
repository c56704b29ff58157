package policy

import "testing"
import "fmt"
import "strings"
import "os"

func TestZZ(t *testing.T) {
	for _, c := range conversions(t) {
		if want := os.Getenv("ZZ"); want == "" || !strings.Contains(c.name, want) {
			continue
		}
		fmt.Println("##", c.name)
		for _, r := range Compare(c.left, c.right) {
			fmt.Printf("%-20s %-14s | %s | %s\n      %s\n", r.ID, r.Verdict, r.Left.Text, r.Right.Text, r.Meaning)
		}
		for _, e := range c.entries {
			fmt.Println("   E", e.Fidelity, e.ID, e.From.Path, e.Absent)
		}
	}
}
