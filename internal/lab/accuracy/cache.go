package main

import (
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"spoor/internal/cluster"
)

// cached extracts mail, or loads it if an earlier call kept it in dir. A cached
// corpus is found by the bytes of its mail, so a change of the code that reads
// mail makes it stale; docs/accuracy.md says so.
//
// "" as dir keeps nothing. A file that cannot be decoded is an error that names
// it, since its deletion is the remedy.
func cached(ctx context.Context, dir string, m mail) (c *corpus, err error) {
	path := ""
	if dir != "" {
		name, err := nameOf(m)
		if err != nil {
			return nil, err
		}
		path = filepath.Join(dir, name)
		if c, err := load(path); !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
	}
	err = alone(ctx, func(url string) error {
		c, err = extract(ctx, url, m)
		return err
	})
	if err != nil || path == "" {
		return c, err
	}
	return c, save(path, c)
}

// nameOf is a hash of the mail and of the labels on it.
//
// The walk is in the order of names, and the names of files count: judged pairs
// refer to them. Answers of registries are part of a corpus, so a corpus with
// them has another name.
func nameOf(m mail) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(m.path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		fmt.Fprintf(h, "%s\n", filepath.Base(path))
		_, err = io.Copy(h, f)
		return err
	})
	if err != nil {
		return "", err
	}
	if err := json.NewEncoder(h).Encode(m.own); err != nil {
		return "", err
	}
	name := fmt.Sprintf("%x", h.Sum(nil)[:12])
	if m.net != nil {
		name += "-asked"
	}
	return name + ".gob", nil
}

// load reads a corpus that an earlier run kept.
func load(path string) (*corpus, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := new(corpus)
	if err := gob.NewDecoder(f).Decode(c); err != nil {
		return nil, fmt.Errorf("read %s, which can be deleted: %w", path, err)
	}
	return c, nil
}

// save writes aside and renames, so that a killed command leaves no half of a corpus.
func save(path string, c *corpus) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "half-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(gob.NewEncoder(f).Encode(c), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// alone calls use with a private PostgreSQL and removes it afterwards.
func alone(ctx context.Context, use func(url string) error) (err error) {
	dir, err := os.MkdirTemp("", "spoor-accuracy-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the server may run as another user
		return err
	}
	c, err := cluster.Open(ctx, cluster.Options{Home: filepath.Join(dir, "home"), Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }() // before its folder goes
	return use(c.URL())
}
