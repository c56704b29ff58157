package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// unpack reads the CRDs from the module's archive. It does not need the unpacked
// directory, which the go command refuses to make when a module wants a newer Go.
func (s source) unpack() ([]definition, error) {
	path, err := download(s.module + "@" + s.version)
	if err != nil {
		return nil, err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	var crds []definition
	for _, file := range s.files {
		data, err := readZip(&archive.Reader, s.module+"@"+s.version+"/"+file)
		if err != nil {
			return nil, err
		}
		crd, err := parse(data, fmt.Sprintf("%s@%s %s", s.module, s.version, file), stored)
		if err != nil {
			return nil, err
		}
		crds = append(crds, crd)
	}
	return crds, nil
}

// download returns the path of a module's archive in the module cache, which the
// go command has checked against the checksum database.
func download(module string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir() // away from go.mod, which must not gain the module
	cmd.Stderr = os.Stderr
	out, runErr := cmd.Output()
	var info struct{ Zip, Sum, Error string }
	if err := json.Unmarshal(out, &info); err != nil {
		return "", errors.Join(runErr, err)
	}
	if info.Zip == "" || info.Sum == "" {
		return "", fmt.Errorf("go mod download %s: %s", module, info.Error)
	}
	return info.Zip, nil
}

func readZip(archive *zip.Reader, name string) ([]byte, error) {
	file, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
