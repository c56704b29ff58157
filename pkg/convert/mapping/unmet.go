package mapping

import "path"

// unmet reports objects of Argo CD among the manifests that are not converted with the
// Application.
func (c *Cell) unmet() {
	p, at := c.part, c.part.Source.At
	follows := c.unit.Settings.ConvertedPath != ""
	switch {
	case p.Scan == nil || len(p.Scan.Applications) == 0 || p.family != nil:
	case follows && (p.release() != nil || len(p.Scan.Children) > 0 && !c.unit.asWritten(p)):
		c.absent(at, blocking("makes Argo CD objects, which Flux would apply as such: print them with kubectl gitops render --follow, convert those and point the path at the result ("+some(p.Scan.Applications)+")").as("app-of-apps-rendered"))
	case len(p.Scan.Children) > 0 && follows && below(p.Source.Dir(), path.Join(c.unit.Settings.ConvertedPath, p.Source.Dir())):
		c.absent(at, blocking("holds Applications beside other manifests, and any directory for what they become would lie below: move them into a directory of their own ("+some(p.Scan.Applications)+")").as("app-of-apps"))
	default:
		c.absent(at, blocking("holds Argo CD objects, which Flux would apply as such: convert them and point the path at the result ("+some(p.Scan.Applications)+")").as("app-of-apps"))
	}
}
