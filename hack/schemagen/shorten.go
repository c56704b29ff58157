package main

import "fmt"

// keywords maps the keywords of a structural schema to their short keys. The
// package that reads the data knows the same keys.
var keywords = map[string]string{
	"additionalProperties":                 "a",
	"default":                              "d",
	"enum":                                 "e",
	"format":                               "f",
	"items":                                "i",
	"maxItems":                             "maxI",
	"maxLength":                            "maxL",
	"maximum":                              "max",
	"minItems":                             "minI",
	"minLength":                            "minL",
	"minimum":                              "min",
	"nullable":                             "n",
	"pattern":                              "re",
	"properties":                           "p",
	"required":                             "q",
	"type":                                 "t",
	"x-kubernetes-int-or-string":           "is",
	"x-kubernetes-list-map-keys":           "lk",
	"x-kubernetes-list-type":               "lt",
	"x-kubernetes-preserve-unknown-fields": "u",
	"x-kubernetes-validations":             "v",
}

// ignored keywords are prose, or about merging rather than validity.
var ignored = map[string]bool{
	"description":           true,
	"x-kubernetes-map-type": true,
}

// shorten renames keywords, recursively. It refuses a keyword that it does not
// know, so that an upstream change cannot weaken the validation unseen.
func shorten(schema map[string]any) (map[string]any, error) {
	short := make(map[string]any, len(schema))
	for keyword, value := range schema {
		if ignored[keyword] || value == "atomic" && keyword == "x-kubernetes-list-type" || keyword == "anyOf" && schema["x-kubernetes-int-or-string"] == true {
			continue
		}
		key, ok := keywords[keyword]
		if !ok {
			return nil, fmt.Errorf("unsupported keyword %s", keyword)
		}
		value, err := shortenValue(keyword, value)
		if err != nil {
			return nil, err
		}
		short[key] = value
	}
	return short, nil
}

func shortenValue(keyword string, value any) (any, error) {
	switch keyword {
	case "properties":
		return shortenAll(value)
	case "items", "additionalProperties":
		child, ok := value.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s is not a schema", keyword)
		}
		return shorten(child)
	default:
		return value, nil
	}
}

func shortenAll(value any) (any, error) {
	properties, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("properties is not a map")
	}
	short := make(map[string]any, len(properties))
	for name, value := range properties {
		property, ok := value.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("property %s is not a schema", name)
		}
		child, err := shorten(property)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		short[name] = child
	}
	return short, nil
}
