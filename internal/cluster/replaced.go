package cluster

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// A minor upgrade replaces the programs and libraries of a running server. The
// server continues with its old program, but loads libraries (plpgsql,
// dict_snowball) at their first use. From then on statements fail with
// "undefined symbol".

// leavingTime is how long othersUse waits for a client that is leaving: a
// backend is listed until it has ended, some time after its client closed the
// connection.
const leavingTime = 2 * time.Second

// retire stops a server whose programs were replaced and returns ErrNotRunning,
// so that it is started again. If others use it, it only informs the user. The
// caller holds the gate.
func (p *place) retire(ctx context.Context, srv server) error {
	if !replaced(srv.pid) {
		return nil
	}
	others, err := p.othersUse(ctx, srv)
	if err != nil {
		return err
	}
	if others {
		p.Notice("PostgreSQL was upgraded while the private server runs, and others use it: statements may fail " +
			"with \"undefined symbol\" until they end and it is started again (collector db stop)")
		return nil
	}
	p.Notice("PostgreSQL was upgraded while the private server ran: it is started again")
	if err := p.down(ctx); err != nil {
		return err
	}
	return ErrNotRunning
}

// othersUse reports whether other commands use the server or, for a permanent
// server, whether any client is connected.
//
// Our own session is left out of the count. One hundred looks within
// leavingTime bound the number of sessions.
func (p *place) othersUse(ctx context.Context, srv server) (bool, error) {
	users, err := p.users()
	if err != nil {
		return false, err
	}
	if len(without(users, os.Getpid())) > 0 {
		return true, nil
	}
	for deadline := time.Now().Add(leavingTime); ; time.Sleep(leavingTime / 100) {
		_, n, err := session(ctx, socketPath(srv.socketDir, srv.port), databaseName,
			"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
		if err != nil {
			return false, err
		}
		if count, err := strconv.Atoi(n); err != nil || count == 0 || time.Now().After(deadline) {
			return count > 0, err
		}
	}
}

// replaced reports whether the program file of a process was removed, as
// package managers do when they replace it. Without /proc it returns false.
func replaced(pid int) bool {
	program, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	return err == nil && strings.HasSuffix(program, " (deleted)")
}
