package functions

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	slim "github.com/go-task/slim-sprig/v3"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
)

// refused are the functions of Argo CD that no template may call here.
var refused = strings.Fields(`
	ago bcrypt buildCustomCert date dateInZone dateModify date_in_zone date_modify decryptAES derivePassword encryptAES
	genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey
	htmlDate htmlDateInZone htpasswd mustDateModify mustToDate must_date_modify now randAlpha randAlphaNum randAscii
	randBytes randInt randNumeric shuffle toDate uuidv4`)

// TestMap: what Argo CD's templates may call (applicationset/utils/utils.go) is there,
// but for what is refused on purpose.
func TestMap(t *testing.T) {
	have := Map()
	var missing []string
	for name := range sprig.GenericFuncMap() {
		if have[name] == nil && name != "env" && name != "expandenv" && name != "getHostByName" {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	if !slices.Equal(missing, refused) {
		t.Errorf("missing are\n%s", strings.Join(missing, " "))
	}
	for name := range have {
		if sprig.GenericFuncMap()[name] == nil {
			t.Errorf("Argo CD has no %s", name)
		}
	}
}

// TestCommon: what the KRM function takes from another library does as sprig does.
func TestCommon(t *testing.T) {
	expressions := []string{
		`{{ lower "AbÇ" }}{{ upper "ab" }}`, `{{ trim " a " }}{{ trimAll "x" "xax" }}{{ trimPrefix "a" "ab" }}{{ trimSuffix "b" "ab" }}`,
		`{{ replace "a" "b" "banana" }}{{ contains "a" "cat" }}{{ hasPrefix "a" "ab" }}{{ hasSuffix "a" "ab" }}`,
		`{{ quote "a\"" 1 nil .f }}{{ squote 1 nil "b" }}{{ cat 1 nil "x" .f }}`, `{{ indent 2 "a\nb" }}{{ nindent 2 "a" }}`,
		`{{ trunc 2 "abc" }}{{ trunc -2 "abc" }}{{ trunc 9 "abc" }}`, `{{ join "," .l }}{{ join "-" (list 1 nil 2) }}{{ join "-" "x" }}`,
		`{{ splitList "," "a,b," }}{{ sortAlpha (list "b" "a" 1) }}`, `{{ b64enc "ä" }}{{ b64dec "eA==" }}{{ b64dec "%" }}{{ sha256sum "a" }}`,
		`{{ default "a" "" }}{{ default "a" 0 }}{{ default 1 .f }}{{ default "x" nil }}{{ empty .m }}{{ empty .none }}{{ coalesce "" nil 0 "b" }}`,
		`{{ ternary "a" "b" false }}{{ toJson . }}{{ toJson "<" }}`, `{{ list 1 "a" }}{{ dict "a" 1 "b" }}{{ get .m "k" }}{{ get .m "none" }}{{ hasKey .m "k" }}`,
		`{{ has 1.5 .l }}{{ has "x" .none }}{{ first .l }}{{ last .l }}{{ first .none }}`, `{{ kindOf .f }}{{ kindOf .m }}{{ kindIs "string" .f }}`,
		`{{ regexMatch "^a+$" "aa" }}{{ regexReplaceAll "a(.)" "abac" "${1}x" }}`, `{{ regexMatch "(" "x" }}`, `{{ fail "no" }}`,
	}
	data := map[string]any{"f": 1.5, "l": []any{"a", 1.5, nil, true}, "m": map[string]any{"k": "v"}, "none": nil}
	said := strings.Join(expressions, "")
	for _, name := range appset.Common {
		if !strings.Contains(said, name+" ") {
			t.Errorf("no expression calls %s", name)
		}
	}
	common := template.FuncMap{}
	maps.Copy(common, slim.TxtFuncMap())
	maps.DeleteFunc(common, func(name string, _ any) bool { return !slices.Contains(appset.Common, name) })
	for _, e := range expressions {
		one, errOne := run(e, common, data)
		other, errOther := run(e, sprig.TxtFuncMap(), data)
		if one != other || (errOne == nil) != (errOther == nil) {
			t.Errorf("%s gives %q, %v; with sprig %q, %v", e, one, errOne, other, errOther)
		}
	}
}

func run(text string, funcs template.FuncMap, data any) (string, error) {
	t, err := template.New("").Funcs(funcs).Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = t.Execute(&out, data)
	return out.String(), err
}
