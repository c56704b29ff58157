// Command krew fills the plugin's krew manifest with a version and the checksums of its
// archives:
//
//	go run ./krew v1.2.3 DIR > gitops.yaml
//
// DIR holds kubectl-gitops_OS_ARCH.tar.gz for each platform, as a release has them.
package main

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"io"
	"os"
	"text/template"
)

//go:embed gitops.yaml.tmpl
var text string

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run ./krew VERSION DIR > gitops.yaml")
		os.Exit(2)
	}
	if err := fill(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// A platform is one archive of a release.
type platform struct{ OS, Arch, SHA256 string }

// Binary is the name of the program in the archive.
func (p platform) Binary() string {
	if p.OS == "windows" {
		return "kubectl-gitops.exe"
	}
	return "kubectl-gitops"
}

// archive is the name of the archive's file.
func (p platform) archive() string { return "kubectl-gitops_" + p.OS + "_" + p.Arch + ".tar.gz" }

// platforms are those of a release.
func platforms() (list []platform) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			list = append(list, platform{OS: system, Arch: arch})
		}
	}
	return list
}

func fill(w io.Writer, version, dir string) (err error) {
	platforms := platforms()
	for i, p := range platforms {
		if platforms[i].SHA256, err = checksum(dir, p.archive()); err != nil {
			return err
		}
	}
	return template.Must(template.New("").Parse(text)).Execute(w, map[string]any{
		"Version": version, "Platforms": platforms,
	})
}

func checksum(dir, name string) (string, error) {
	file, err := os.OpenInRoot(dir, name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), nil
}
