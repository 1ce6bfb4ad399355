package cluster

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// socketMax is the length of sockaddr_un's path without the final NUL on macOS
// and the BSDs, four bytes less than on Linux.
const socketMax = 103

// socketDir creates the directory of the socket and returns it: in the store,
// or in a short private directory if that path is too long for a socket.
func (p *place) socketDir() (string, error) {
	if len(socketPath(p.socket(), socketPort)) <= socketMax-1 { // a port may have one digit more
		return p.socket(), p.makeServers(p.socket())
	}
	name := fmt.Sprintf("spoor-%d-%.6x", p.server.uid, sha256.Sum256([]byte(p.db())))
	for _, above := range []string{p.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + strconv.Itoa(p.server.uid)} {
		dir := filepath.Join(above, name)
		if !p.drop && above != "" && len(socketPath(dir, socketPort)) < socketMax && checkPrivate(above, p.server) == nil {
			return dir, p.makeServers(dir)
		}
	}
	// /tmp is sticky: once the directory is ours, nobody else can replace it.
	dir := filepath.Join("/tmp", name)
	return dir, p.makeServers(dir)
}

// dropSocketDir removes a socket directory outside of the store after the
// server stopped.
func (p *place) dropSocketDir(dir string) {
	if dir != p.socket() && filepath.IsAbs(dir) {
		os.Remove(dir) // only if it is empty; otherwise it is used again
	}
}
