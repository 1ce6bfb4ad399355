package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"spoor/internal/dossier"
)

// Save writes a format to path: a file, or a directory for formats with several
// files, which it creates if necessary. Readers of path see the old content or
// the new one, never a part: each file is written under a temporary name,
// synced, counted again, and renamed.
//
// A directory is not replaced as a whole: after an error some of its files are
// new and the others old. Each is whole.
func (f Format) Save(path string, campaigns []dossier.Campaign, o Options) ([]Written, error) {
	campaigns = force(campaigns, o)
	if !f.Directory() {
		n, err := f.files[0].save(path, campaigns, o)
		return []Written{{Entries: n}}, err
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	var out []Written
	for _, file := range f.files {
		n, err := file.save(filepath.Join(path, file.name), campaigns, o)
		if err != nil {
			return out, err
		}
		out = append(out, Written{file.name, n})
	}
	return out, nil
}

// save writes the file and counts the entries again from its bytes before it
// replaces the old one.
func (f file) save(path string, campaigns []dossier.Campaign, o Options) (n int, err error) {
	// Servers read block lists as their own users, so the mode is 0644.
	err = Replace(path, 0o644, func(t *os.File) error {
		w := bufio.NewWriterSize(t, 64<<10)
		if n, err = f.write(w, campaigns, o); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if _, err := t.Seek(0, io.SeekStart); err != nil {
			return err
		}
		counted, err := f.count(bufio.NewReaderSize(t, 64<<10))
		if err != nil {
			return fmt.Errorf("%s cannot be read back: %w", path, err)
		}
		if want := f.want(campaigns); counted != n || counted != want {
			return fmt.Errorf("%s would hold %d entries, where %d were written and the store has %d; nothing was replaced", path, counted, n, want)
		}
		return nil
	})
	return n, err
}

// Replace writes a file through a temporary one beside it, which is renamed
// when all of it is on disk.
//
// The temporary file begins with a dot and stands beside the other, as a rename
// works within one file system only. After an error nothing is left of it, and
// the old file stays.
func Replace(path string, mode os.FileMode, write func(*os.File) error) (err error) {
	if i, statErr := os.Stat(path); statErr == nil && !i.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", path)
	}
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	t, err := os.CreateTemp(dir, "."+base+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(t.Name()))
		}
	}()
	err = write(t)
	if err == nil {
		err = errors.Join(t.Chmod(mode), t.Sync())
	}
	if err = errors.Join(err, t.Close()); err != nil {
		return err
	}
	if err = os.Rename(t.Name(), path); err != nil {
		return err
	}
	if syncErr := syncDir(dir); syncErr != nil {
		return fmt.Errorf("%s was written, but its name may not outlast a power cut: %w", path, syncErr)
	}
	return nil
}

// syncDir makes the rename durable.
//
// A rename is in the folder and not in the file (fsync(2)).
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
