package policy

import "github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"

type Verdict string

const (
	Same          Verdict = "same"
	Differs       Verdict = "differs"
	CannotCompare Verdict = "cannot-compare"
)

type Value struct{ Text string }
type Row struct {
	ID, Title   string
	Left, Right Value
	Verdict     Verdict
	Meaning     string
}

func Compare(l, r *deployment.Deployment) []Row { return nil }
