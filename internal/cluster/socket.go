package cluster

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// socketMax is the room for a socket's path in sockaddr_un less the final NUL,
// on Linux; the BSDs and macOS have four bytes less.
const socketMax = 103

// socketDir makes the directory of the socket and returns it: in the store, or
// where that path is too long for a socket in a short private directory.
func (p *place) socketDir() (string, error) {
	if len(socketPath(p.socket(), socketPort)) <= socketMax-1 { // a port may have a digit more
		return p.socket(), p.makeServers(p.socket())
	}
	name := fmt.Sprintf("spoor-%d-%.6x", p.server.uid, sha256.Sum256([]byte(p.db())))
	for _, above := range []string{p.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + strconv.Itoa(p.server.uid)} {
		dir := filepath.Join(above, name)
		if !p.drop && above != "" && len(socketPath(dir, socketPort)) < socketMax && checkPrivate(above, p.server) == nil {
			return dir, p.makeServers(dir)
		}
	}
	// /tmp is sticky: once the directory is ours, nobody else can put another in its place.
	dir := filepath.Join("/tmp", name)
	return dir, p.makeServers(dir)
}

// dropSocketDir removes a socket directory outside of the store when the server is down.
func (p *place) dropSocketDir(dir string) {
	if dir != p.socket() && filepath.IsAbs(dir) {
		os.Remove(dir) // only when empty; what stays is used again
	}
}
