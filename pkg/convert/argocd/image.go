package argocd

import "strings"

// An Image is an override of spec.source.kustomize.images, in the form that
// `kustomize edit set image` reads: [old=]new[:tag][@digest]. A part "*" keeps what
// the kustomization file says.
type Image struct{ Name, NewName, Tag, Digest string }

// ParseImage reads an image override (kustomize/commands/edit/set/setimage.go).
// ok is false where kustomize refuses it: neither a new name, nor a tag or digest.
func ParseImage(text string) (img Image, ok bool) {
	name, rest, renamed := strings.Cut(text, "=")
	if !renamed {
		rest = text
	}
	rest, img.Digest, _ = strings.Cut(rest, "@")
	if colon := strings.LastIndexByte(rest, ':'); colon > strings.LastIndexByte(rest, '/') {
		rest, img.Tag = rest[:colon], rest[colon+1:]
	}
	img.Name, img.NewName = rest, rest
	if renamed {
		img.Name = name
	}
	return img, img.Name != "" && (renamed && rest != "" || img.Tag != "" || img.Digest != "")
}
