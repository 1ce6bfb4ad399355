package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strings"
)

// hbaConf admits everybody who can reach the socket. These are the server's
// user and root, because socket and directory have mode 0700.
const hbaConf = `# Written by Spoor at each start.
# The socket and its directory are 0700: only their owner and root get here.
local all all trust
`

// postgresqlConf is tuned for large batches on a small machine. No setting
// risks data for speed: fsync, full_page_writes and synchronous_commit stay on.
const postgresqlConf = `# Written by Spoor at each start. Put settings of your own into spoor-local.conf.

# The Unix socket is the only way in, unless "collector db start --listen" gave an address.
listen_addresses = '%s'
port = %d
unix_socket_directories = %s
unix_socket_permissions = 0700
max_connections = 60

# A kill or a power cut loses nothing that was committed.
fsync = on
full_page_writes = on
synchronous_commit = on

# Memory: a machine with 1 GiB must bear it.
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 16MB
maintenance_work_mem = 64MB

# Large batches: few checkpoints, spread out. Compression of WAL gains nothing
# here: new pages are never written whole, and mail comes compressed. Nobody replicates from here, so
# rows loaded into a table of the same transaction need no WAL.
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
max_wal_size = 2GB
min_wal_size = 128MB
wal_buffers = 16MB
wal_compression = off
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
jit = off
autovacuum = on

# The log is for errors; mail that is part of a statement stays out of it.
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%%m [%%p] '
log_min_messages = warning
log_min_error_statement = panic
log_checkpoints = off
log_autovacuum_min_duration = -1

# Every machine gives the same answers.
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
default_text_search_config = 'pg_catalog.simple'
%s`

// hbaListen are the rules for TCP: only people who were granted read access,
// each with a password. The superuser and the owner's login have no password
// and are rejected. Each rule is a single line without a second interpretation.
const hbaListen = `host all spoor,spoor_reader all reject
host spoor +spoor_read all scram-sha-256
`

// configuration returns postgresql.conf for a major version.
func configuration(major int, socketDir string, at netip.AddrPort, local bool) string {
	extra := ""
	if at.IsValid() {
		// Unauthenticated clients may connect, but must not occupy a slot for
		// long.
		extra = "authentication_timeout = 10s\n"
	}
	if major >= 14 {
		// A killed command must not leave a long query behind.
		extra += "client_connection_check_interval = 10s\n"
	}
	if local {
		// Include the file only if it exists: include_if_exists would log its
		// absence twice at each start.
		extra += "include 'spoor-local.conf'\n"
	}
	quoted := "'" + strings.ReplaceAll(socketDir, "'", "''") + "'"
	address := ""
	if at.IsValid() {
		address = at.Addr().String()
	}
	return fmt.Sprintf(postgresqlConf, address, portOf(at), quoted, extra)
}

// writeConf writes the configuration into a data directory. It uses os.Root,
// because the directory belongs to the server's user and this process may be
// root.
//
// It runs before each start, so that a newer version of this program needs no
// migration of its settings. spoor-local.conf is the user's and never written.
func (p *place) writeConf(dir string, major int, socketDir string, at netip.AddrPort) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	hba := hbaConf
	if at.IsValid() {
		hba += hbaListen
	}
	_, err = root.Stat("spoor-local.conf")
	return errors.Join(
		p.replace(root, "postgresql.conf", configuration(major, socketDir, at, err == nil)),
		p.replace(root, "pg_hba.conf", hba))
}

// replace replaces a file atomically, if its content differs.
func (p *place) replace(root *os.Root, name, text string) error {
	if old, err := root.ReadFile(name); err == nil && string(old) == text {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A new file in place of a link: O_EXCL refuses one that somebody planted.
	temp := name + ".new"
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil && p.drop {
		err = f.Chown(p.server.uid, p.server.gid)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return root.Rename(temp, name)
}
