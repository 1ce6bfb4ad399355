package cluster

import (
	"context"
	"os"
	"strconv"
	"strings"
)

// A minor upgrade puts new programs and libraries in the place of those that run. The
// server goes on with the old program, but loads its libraries (plpgsql, dict_snowball)
// when they are first needed: from then on statements fail with "undefined symbol".

// retire stops a server whose programs were replaced, and returns ErrNotRunning, so that
// it is started again. While others use it they are left alone, and the user is told.
// Called behind the gate.
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

// othersUse says whether other commands use the server, or, where it is kept up for
// other programs, any of those is connected.
func (p *place) othersUse(ctx context.Context, srv server) (bool, error) {
	users, err := p.users()
	if err != nil {
		return false, err
	}
	if len(without(users, os.Getpid())) > 0 {
		return true, nil
	}
	_, n, err := session(ctx, socketPath(srv.socketDir, srv.port), databaseName,
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
	if err != nil {
		return false, err
	}
	count, err := strconv.Atoi(n)
	return count > 0, err
}

// replaced says whether the file that a process runs was removed, which is how package
// managers replace it. Where there is no /proc it cannot be told.
func replaced(pid int) bool {
	program, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	return err == nil && strings.HasSuffix(program, " (deleted)")
}
