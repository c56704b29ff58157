package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// cached returns the path of what keys name in the cache. make fills it where it is not
// there yet; it appears when it is whole, so that runs at the same time do not disturb
// each other. Keys must name content that does not change.
func (s *Sources) cached(make func(path string) error, keys ...string) (string, error) {
	path, err := s.cachePath(keys...)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if s.Offline {
		return "", ErrOffline
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	temp, err := os.MkdirTemp(filepath.Dir(path), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	made := filepath.Join(temp, "made")
	if err := make(made); err != nil {
		return "", err
	}
	// Somebody else may have been faster.
	if err := os.Rename(made, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, stat := os.Stat(path); stat != nil {
			return "", err
		}
	}
	return path, nil
}

func (s *Sources) cachePath(keys ...string) (string, error) {
	root := s.Cache
	if root == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		root = filepath.Join(user, "kubectl-gitops", "sources")
	}
	hash := sha256.New()
	for _, key := range keys {
		hash.Write([]byte(key + "\x00"))
	}
	return filepath.Join(root, hex.EncodeToString(hash.Sum(nil))), nil
}

// has tells whether the cache holds what keys name.
func (s *Sources) has(keys ...string) bool {
	path, err := s.cachePath(keys...)
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}
