package plan

import "sigs.k8s.io/yaml"

// YAML is the plan as a document. It holds names and options, and nothing of the
// objects' content.
func (p *Plan) YAML() ([]byte, error) { return yaml.Marshal(p) }
