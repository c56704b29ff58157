// Package functions holds what templates of ApplicationSets may call besides the
// functions of Go and of Argo CD itself: those of sprig
// (applicationset/utils/utils.go). It is apart from package appset, as it is large.
package functions

import (
	"maps"
	"path"
	"slices"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// chance are the functions of sprig that give something else each time or elsewhere, or
// that make secrets. Others that ask the clock, chance or the environment sprig itself
// leaves out.
var chance = []string{
	"ago", "toDate", "mustToDate", "must_date_modify", "mustDateModify", "randInt", "shuffle",
	"bcrypt", "htpasswd", "derivePassword", "encryptAES", "decryptAES", "genPrivateKey", "buildCustomCert",
	"genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
}

// Map returns the functions, but for those whose result another run need not give.
func Map() template.FuncMap {
	all := template.FuncMap(sprig.HermeticTxtFuncMap())
	for _, name := range chance {
		delete(all, name)
	}
	// Argo CD runs on Linux, wherever this runs.
	all["osBase"], all["osClean"], all["osDir"], all["osExt"], all["osIsAbs"] = path.Base, path.Clean, path.Dir, path.Ext, path.IsAbs
	all["keys"], all["values"] = keys, values
	return all
}

// keys and values are in order, where those of sprig have none.
func keys(dicts ...map[string]any) []string {
	list := []string{}
	for _, dict := range dicts {
		list = append(list, slices.Sorted(maps.Keys(dict))...)
	}
	return list
}

func values(dict map[string]any) []any {
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		list = append(list, dict[key])
	}
	return list
}
