package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Errors that callers distinguish.
var (
	// ErrNoSchema: the database has no tables of ours, and Open was not allowed
	// to create them.
	ErrNoSchema = errors.New("the database holds no Spoor store yet; run collector import")
	// ErrOldSchema: the schema needs a migration, and Open was not allowed to
	// run it.
	ErrOldSchema = errors.New("the store is of an older Spoor")
	// ErrNewerSchema: a newer program has migrated the database.
	ErrNewerSchema = errors.New("the store was written by a newer Spoor")
	// ErrAddress: the connection string is invalid.
	ErrAddress = errors.New("not a connection string")
	// ErrUnavailable: the server is unreachable, refuses the login, or has
	// stopped.
	ErrUnavailable = errors.New("the database server is not available")
	// ErrFull: the server has no disk space left.
	ErrFull = errors.New("the database server has no disk space left")
)

// Failed wraps a database error with the operation and the sentinel for its
// remedy. It returns nil for nil.
func Failed(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("%s: %w: make room and run the command again, it goes on where it stopped: %w", doing, ErrFull, err)
	case isGone(err):
		return fmt.Errorf("%s: %w: what is stored so far is safe, run the command again: %w", doing, ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isFull recognises a full disk: disk_full, or the system's words in a message
// with another code, as when a backend cannot extend a file.
func isFull(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "53100" || strings.Contains(e.Message, "No space left on device"))
}

// isGone recognises a server that is unreachable, is stopping, or closed the
// connection (SQLSTATE classes 08 and 57P, and missing answers).
func isGone(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(e.Code, "08") || e.Code == "57P01" || e.Code == "57P02" || e.Code == "57P03"
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err)
}
