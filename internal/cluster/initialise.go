package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// halfMade is the prefix of a data directory that initdb has not finished.
const halfMade = "db.init-"

// initialise creates the data directory under a temporary name and renames it
// when it is complete and configured. A killed command leaves all or nothing.
func (p *place) initialise(ctx context.Context, b binaries) error {
	p.Notice(fmt.Sprintf("New store in %s: a private PostgreSQL %d, no open port", p.home, b.major))
	temp, err := os.MkdirTemp(p.base, halfMade)
	if err != nil {
		return err
	}
	err = p.fill(ctx, b, temp)
	if err == nil {
		err = os.Rename(temp, p.db())
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	return syncDir(p.base)
}

// fill runs initdb in a new empty directory.
func (p *place) fill(ctx context.Context, b binaries, dir string) error {
	if p.drop {
		if err := os.Lchown(dir, p.server.uid, p.server.gid); err != nil {
			return err
		}
	}
	// The locale C sorts by bytes: indexes do not depend on the operating
	// system's collations, which change with its upgrades.
	args := []string{"-D", dir, "-U", roleName, "-E", "UTF8", "--locale=C", "--auth=trust"}
	if p.noSync {
		args = append(args, "--no-sync")
	}
	cmd := p.command(ctx, b.initdb(), args...)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return &serverError{doing: fmt.Sprintf("making the data directory (%s: %v)", b.initdb(), err),
			said: lastLines(string(out), 10)}
	}
	socketDir, err := p.socketDir()
	if err != nil {
		return err
	}
	return p.writeConf(dir, b.major, socketDir, noAddress)
}

// sweepHalfMade removes the remains of killed commands. An initdb that outlived
// its command may still write there. It then fails, and the next call removes
// the rest.
func (p *place) sweepHalfMade() error {
	entries, err := os.ReadDir(p.base)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), halfMade) || !e.IsDir() {
			continue
		}
		if err := os.RemoveAll(filepath.Join(p.base, e.Name())); err != nil {
			p.Log.Warn("half-made data directory stays", "dir", e.Name(), "err", err)
		}
	}
	return nil
}

// syncDir makes a rename in a directory durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// dataMajor returns the major version that wrote the data.
func (p *place) dataMajor() (int, error) {
	root, err := os.OpenRoot(p.db())
	if err != nil {
		return 0, err
	}
	defer root.Close()
	text, err := readSmall(root, "PG_VERSION")
	if err != nil {
		return 0, err
	}
	// Before PostgreSQL 10 the major version had two numbers, as in 9.6.
	first, _, _ := strings.Cut(strings.TrimSpace(text), ".")
	major, err := strconv.Atoi(first)
	if err != nil || major < 1 {
		return 0, fmt.Errorf("%s/PG_VERSION does not hold a version: nothing was changed; "+
			"restore the store from a backup, or choose another directory with SPOOR_HOME", p.db())
	}
	return major, nil
}

// programs finds the server programs for the data, or for new data, and
// downloads them if necessary and permitted.
func (p *place) programs(ctx context.Context) (binaries, error) {
	exists, err := p.initialised()
	if err != nil {
		return binaries{}, err
	}
	want := 0
	if exists {
		if want, err = p.dataMajor(); err != nil {
			return binaries{}, err
		}
		if want < oldestMajor {
			return binaries{}, &VersionError{Dir: p.db(), Need: want}
		}
	}
	b, err := p.findBinaries(ctx, want)
	if !errors.Is(err, ErrNoBinaries) {
		return b, err
	}
	if !p.Download {
		return b, p.noBinaries(want, err)
	}
	b, err = p.fetchBinaries(ctx, want)
	if err != nil && ctx.Err() == nil {
		err = p.noBinaries(want, fmt.Errorf("%w, and fetching them failed: %w", ErrNoBinaries, err))
	}
	return b, err
}

// noBinaries says what to install.
func (p *place) noBinaries(want int, err error) error {
	if want != 0 {
		return fmt.Errorf("%w: %w", err, &VersionError{Dir: p.db(), Need: want})
	}
	return fmt.Errorf("%w\nInstall PostgreSQL and run the command again: %s\n"+
		"Or name a server with --db postgresql://USER@HOST/DATABASE", err, packageFor(want))
}

// readSmall reads a file that is small if it is valid, up to a limit.
func readSmall(root *os.Root, name string) (string, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|nonBlock, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	buf := make([]byte, 4096)
	n, err := f.Read(buf)
	if n == 0 && err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	return string(buf[:n]), nil
}
