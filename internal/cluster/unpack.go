package cluster

import (
	"archive/tar"
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ulikunitz/xz"
)

// Limits of an archive. A release has about 1,500 files with 100 MB in all.
const (
	unpackedMax = 1 << 30
	entriesMax  = 20_000
	nameMax     = 1024
)

// makeShared creates a directory of ours that the server's user can read.
func (p *place) makeShared(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if p.drop {
		if err := os.Lchown(dir, p.owner.uid, p.owner.gid); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o755)
}

// install unpacks an archive beside its final path, checks that its programs
// run, and renames it. If the command is killed in between, findBinaries
// ignores the remains and the next download removes them.
func (p *place) install(ctx context.Context, jar, version string) (binaries, error) {
	final := filepath.Join(p.fetchedDir(), version)
	temp := final + ".new"
	// No programs were found, so those that are present do not run.
	if err := errors.Join(os.RemoveAll(temp), os.RemoveAll(final), p.makeShared(temp)); err != nil {
		return binaries{}, err
	}
	err := p.unpackJar(ctx, jar, temp)
	if err == nil && !hasServer(filepath.Join(temp, "bin")) {
		err = errors.New("the archive holds no bin/postgres and bin/initdb")
	}
	if err == nil {
		_, err = p.versionOf(ctx, filepath.Join(temp, "bin"))
		if err != nil {
			err = fmt.Errorf("the fetched programs do not run on this machine: %w", err)
		}
	}
	if err != nil {
		return binaries{}, errors.Join(fmt.Errorf("unpacking %s: %w", filepath.Base(jar), err), os.RemoveAll(temp))
	}
	if !p.noSync {
		syscall.Sync() // once, instead of after each of a thousand files
	}
	if err := os.Rename(temp, final); err != nil {
		return binaries{}, err
	}
	return p.versionOf(ctx, filepath.Join(final, "bin"))
}

// unpackJar unpacks the .txz inside the jar.
func (p *place) unpackJar(ctx context.Context, jar, dir string) error {
	archive, err := zip.OpenReader(jar)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if !strings.HasSuffix(entry.Name, ".txz") {
			continue
		}
		content, err := entry.Open()
		if err != nil {
			return err
		}
		defer content.Close()
		stream, err := xz.NewReader(content)
		if err != nil {
			return err
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		defer root.Close()
		u := &unpacker{place: p, root: root, left: unpackedMax}
		return u.all(ctx, tar.NewReader(stream))
	}
	return errors.New("the jar holds no .txz")
}

// unpacker extracts the entries of a tar archive into one directory. Links
// never lead outside: no entry is below a link, and the target of a link climbs
// no higher than the directory. A path therefore leads where it says.
type unpacker struct {
	*place
	root *os.Root
	left int64 // bytes that may still be written
}

// all unpacks an archive up to the limit of entries.
func (u *unpacker) all(ctx context.Context, archive *tar.Reader) error {
	for n := 0; ; n++ {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n >= entriesMax {
			return fmt.Errorf("more than %d entries", entriesMax)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := u.entry(header, archive); err != nil {
			return fmt.Errorf("entry %.200q: %w", header.Name, err)
		}
	}
}

// errOutside is an entry of an archive with a path or link that leads outside
// of the folder.
var errOutside = errors.New("it leads outside of the archive")

// entry unpacks one entry. Names and links that lead out of the folder are
// refused. os.Root enforces this too, also for a symbolic link of an earlier
// entry.
func (u *unpacker) entry(header *tar.Header, content io.Reader) error {
	name := path.Clean(header.Name)
	if name == "." && header.Typeflag == tar.TypeDir {
		return nil
	}
	if len(name) > nameMax || !filepath.IsLocal(name) {
		return errOutside
	}
	if err := u.parents(name); err != nil {
		return err
	}
	var err error
	switch header.Typeflag {
	case tar.TypeDir:
		return u.dir(name)
	case tar.TypeReg:
		err = u.file(name, header, content)
	case tar.TypeSymlink:
		if !staysInside(name, header.Linkname) {
			return errOutside
		}
		err = u.root.Symlink(header.Linkname, name)
	case tar.TypeLink:
		err = u.hardLink(path.Clean(header.Linkname), name)
	default:
		return fmt.Errorf("a file of type %q", header.Typeflag)
	}
	if err != nil {
		return err
	}
	return u.give(name)
}

// hardLink links only to regular files: a link to a symbolic link could lead
// outside.
func (u *unpacker) hardLink(target, name string) error {
	info, err := u.root.Lstat(target)
	if err == nil && !info.Mode().IsRegular() {
		err = errOutside
	}
	if err != nil {
		return err
	}
	return u.root.Link(target, name)
}

// staysInside accepts a target that first climbs and then descends, such as
// ../lib/libpq.so.5.
func staysInside(name, target string) bool {
	if target == "" || path.IsAbs(target) || len(target) > nameMax {
		return false
	}
	down := strings.TrimLeft(target, "./") // the rest after any number of ./ and ../
	if strings.Contains("/"+down+"/", "/../") {
		return false
	}
	return filepath.IsLocal(path.Join(path.Dir(name), target))
}

// parents creates the parent directories of a name, which an archive need not
// list, and refuses a link among them.
func (u *unpacker) parents(name string) error {
	dir := path.Dir(name)
	if dir == "." {
		return nil
	}
	if err := u.parents(dir); err != nil {
		return err
	}
	return u.dir(dir)
}

// dir creates a folder. Archives list a folder more than once.
func (u *unpacker) dir(name string) error {
	if info, err := u.root.Lstat(name); err == nil {
		if !info.IsDir() {
			return errOutside
		}
		return nil
	}
	if err := u.root.Mkdir(name, 0o755); err != nil {
		return err
	}
	if err := u.root.Chmod(name, 0o755); err != nil { // regardless of the umask
		return err
	}
	return u.give(name)
}

// file writes a regular file. O_EXCL refuses a second entry of the name.
func (u *unpacker) file(name string, header *tar.Header, content io.Reader) error {
	if u.left -= header.Size; u.left < 0 {
		return fmt.Errorf("more than %d bytes in all", unpackedMax)
	}
	mode := os.FileMode(0o644)
	if header.Mode&0o111 != 0 {
		mode = 0o755
	}
	f, err := u.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, io.LimitReader(content, header.Size))
	return errors.Join(err, f.Chmod(mode), f.Close())
}

// give makes the owner of the home the owner of files that root extracts there.
func (u *unpacker) give(name string) error {
	if !u.drop || u.owner.isRoot() {
		return nil
	}
	return u.root.Lchown(name, u.owner.uid, u.owner.gid)
}
