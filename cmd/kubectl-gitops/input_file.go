package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
)

// path adds a file, or the manifests of a directory.
func (l *loader) path(name string, recursive bool) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return l.file(name, filepath.Base(name))
	}
	l.directory = true
	return l.dir(name, recursive)
}

// file adds one file; pipes such as <(command) have no size and work as well.
func (l *loader) file(name, mirror string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return l.read(name, mirror, f, info.Size())
}

// dir walks in lexical order. Links to files are followed, links to directories are
// not: they may lead back.
func (l *loader) dir(root string, recursive bool) error {
	found := false
	tree := os.DirFS(root)
	err := fs.WalkDir(tree, ".", func(rel string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if rel != "." && !recursive {
				return fs.SkipDir
			}
			return nil
		case !isManifest(rel):
			return nil
		}
		if info, err := fs.Stat(tree, rel); err == nil && info.IsDir() {
			return nil
		}
		found = true
		return l.file(filepath.Join(root, filepath.FromSlash(rel)), rel)
	})
	if err == nil && !found {
		return fmt.Errorf("%s: no *.yaml, *.yml or *.json files%s", root, hintRecursive(recursive))
	}
	return err
}

func hintRecursive(recursive bool) string {
	if recursive {
		return ""
	}
	return " (-R looks in the directories below it)"
}

// fetch adds what a URL answers. Names and errors leave out the user and the query:
// both can hold a token.
func (l *loader) fetch(ctx context.Context, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return errors.New("-f: not a valid URL")
	}
	name := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, raw, nil)
	if err != nil {
		return fmt.Errorf("%s: not a valid URL", name)
	}
	response, err := l.client.Do(request)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: the server answered %s", name, response.Status)
	}
	return l.read(name, urlFile(u), response.Body, max(response.ContentLength, 0))
}

// urlFile is the last element of a URL's path when that is a manifest's name.
func urlFile(u *url.URL) string {
	if base := path.Base(u.Path); isManifest(base) {
		return base
	}
	return u.Hostname() + ".yaml"
}
