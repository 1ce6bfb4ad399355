package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"spoor/internal/cluster"
)

// Config is a configuration file: lines of "KEY VALUE" or "KEY = VALUE"; "#" begins a comment.
type Config struct {
	Name  string // as shown to users; "" without a file
	Lines []ConfigLine
}

// ConfigLine is a line with a setting.
type ConfigLine struct {
	Number     int
	Key, Value string
}

// systemConfig applies to all users of a machine without a file of their own.
const systemConfig = "/etc/spoor/config"

// maxConfig bounds a configuration file.
// Far more than all keys need; a larger file is read up to here.
const maxConfig = 1 << 20

// Config reads the first configuration file found: beside the store, in the XDG
// directory, or in /etc. Without any, the configuration is empty.
//
// Files are not merged, so that one place says everything. A file that exists
// and cannot be read is an error and not passed over: it may forbid the
// network.
func (e *Env) Config() (Config, error) {
	for _, p := range e.configPlaces() {
		data, err := readConfig(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return Config{}, &Error{Code: Misused, Message: "the configuration cannot be read", Err: err}
		}
		return ParseConfig(e.Tilde(p), data)
	}
	return Config{}, nil
}

// configPlaces lists the paths of configuration files, the first one to be
// tried first.
func (e *Env) configPlaces() (places []string) {
	if dir := e.Getenv("SPOOR_HOME"); dir != "" {
		places = append(places, filepath.Join(dir, "config"))
	}
	if dir := e.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		places = append(places, filepath.Join(dir, "spoor", "config"))
	} else if home := e.Getenv("HOME"); filepath.IsAbs(home) {
		places = append(places, filepath.Join(home, ".config", "spoor", "config"))
	}
	if home, err := cluster.DefaultHome(e.Getenv); err == nil {
		places = append(places, filepath.Join(home, "config"))
	}
	return append(places, systemConfig)
}

// readConfig reads a regular file. Opening a FIFO would wait for a writer, hence O_NONBLOCK.
func readConfig(path string) (data []byte, err error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New(path + " is not a regular file")
	}
	if err := trusted(path, info); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, maxConfig))
}

// trusted refuses a file that another user could have planted, because it
// decides which servers are queried. A symbolic link may lead only to a file of
// the link's owner. If not, root working in a user's home would print any file
// that the user's link names.
func trusted(path string, file fs.FileInfo) error {
	link, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner, linkOwner := uidOf(file), uidOf(link)
	switch self := os.Geteuid(); {
	case owner != linkOwner:
		return errors.New(path + " is a link to a file of another user")
	case self != 0 && owner != self && owner != 0:
		return errors.New(path + " belongs to another user")
	case file.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("all users may write to %s: chmod o-w %[1]s", path)
	}
	return nil
}

func uidOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// ParseConfig reads the lines of a configuration file.
func ParseConfig(name string, data []byte) (Config, error) {
	c := Config{Name: name}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		at := strings.IndexAny(text, " \t=")
		if at < 0 {
			if strings.Trim(text, "abcdefghijklmnopqrstuvwxyz-") != "" {
				text = "a line" // perhaps no configuration at all: it is not shown
			}
			return c, Usage("%s, line %d: %q has no value", name, n, text)
		}
		value := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text[at:]), "="))
		c.Lines = append(c.Lines, ConfigLine{n, text[:at], value})
	}
	if err := lines.Err(); err != nil {
		return c, Usage("%s: %v", name, err)
	}
	return c, nil
}

// Each passes every line to set. An unknown key is an error that names the
// nearest key.
func (c Config) Each(keys []string, set func(key, value string) error) error {
	known := map[string]bool{}
	for _, k := range keys {
		known[k] = true
	}
	for _, l := range c.Lines {
		if !known[l.Key] {
			e := Usage("%s, line %d: unknown key %q", c.Name, l.Number, l.Key)
			if near := nearest(l.Key, keys); near != "" {
				e.Message += "; did you mean \"" + near + "\"?"
			}
			return e
		}
		if err := set(l.Key, l.Value); err != nil {
			return Usage("%s, line %d: %s: %v", c.Name, l.Number, l.Key, err)
		}
	}
	return nil
}
