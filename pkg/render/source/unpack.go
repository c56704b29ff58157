package source

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// unpack writes the files of a compressed archive to a directory, which no name leaves.
// Links and devices are left out, as Flux does. strip takes away the first directory.
func unpack(data []byte, dir string, strip bool) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("it is no compressed archive: %w", err)
	}
	archive := tar.NewReader(io.LimitReader(zipped, maxDownload))
	for {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("its archive cannot be read, or is too large: %w", err)
		}
		name := path.Clean(strings.TrimPrefix(header.Name, "/"))
		if strip {
			_, name, _ = strings.Cut(name, "/")
		}
		if name == "" || name == "." {
			continue
		}
		if err := extract(root, name, header, archive); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

func extract(root *os.Root, name string, header *tar.Header, from io.Reader) error {
	switch header.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o755)
	case tar.TypeReg:
	default:
		return nil
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}
