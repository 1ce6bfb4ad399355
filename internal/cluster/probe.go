package cluster

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// This file implements the few messages of PostgreSQL's protocol (version 3.0,
// chapter "Frontend/Backend Protocol" of its manual) that show whether a server
// answers and has our database.

const (
	greetWait  = 10 * time.Second // a loaded machine forks slowly
	messageMax = 64 << 10
)

// refusal is an ErrorResponse of the server.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return fmt.Sprintf("PostgreSQL says: %s (%s)", r.message, r.code) }

// isRefusal reports whether a server answered, although with an error: then it
// is up.
func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

// notYet reports whether the server is starting or stopping (57P03
// cannot_connect_now, 57P01 admin_shutdown).
func notYet(err error) bool {
	var r *refusal
	return errors.As(err, &r) && (r.code == "57P03" || r.code == "57P01")
}

// greet connects to the database, creates it if it is missing, and returns the
// server's version.
func (p *place) greet(ctx context.Context, socket string) (version string, err error) {
	version, _, err = session(ctx, socket, databaseName, "")
	var r *refusal
	if errors.As(err, &r) && r.code == "3D000" { // invalid_catalog_name: the first start after initdb
		if _, _, err := session(ctx, socket, "template1", "CREATE DATABASE "+databaseName); err != nil {
			return "", err
		}
		version, _, err = session(ctx, socket, databaseName, "")
	}
	return version, err
}

// session connects, sends at most one statement, and returns the server's
// version and the single value of the result.
func session(ctx context.Context, socket, database, statement string) (version, value string, err error) {
	ctx, cancel := context.WithTimeout(ctx, greetWait)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return "", "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := conn.Write(startupMessage(database)); err != nil {
		return "", "", err
	}
	version, _, err = untilReady(conn)
	if err != nil {
		return "", "", err
	}
	if statement != "" {
		if _, err := conn.Write(message('Q', statement+"\x00")); err != nil {
			return "", "", err
		}
		if _, value, err = untilReady(conn); err != nil {
			return "", "", err
		}
	}
	_, err = conn.Write(message('X', ""))
	return version, value, err
}

// startupMessage is the first message of a client (PostgreSQL's protocol 3.0):
// length, version, and parameters that end with a zero byte.
func startupMessage(database string) []byte {
	body := binary.BigEndian.AppendUint32(nil, 3<<16) // protocol version 3.0
	for _, s := range []string{"user", roleName, "database", database, "application_name", "spoor", ""} {
		body = append(append(body, s...), 0)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+4)), body...)
}

// message frames a message of PostgreSQL's protocol: kind, length with itself,
// body.
func message(kind byte, body string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4)), body...)
}

// untilReady reads messages up to ReadyForQuery. It returns the server's
// version and the first value of the last row.
func untilReady(r io.Reader) (version, value string, err error) {
	for {
		kind, body, err := readMessage(r)
		if err != nil {
			return "", "", err
		}
		switch kind {
		case 'Z':
			return version, value, nil
		case 'E':
			return "", "", parseRefusal(body)
		case 'D':
			value = firstValue(body)
		case 'R':
			if len(body) < 4 || binary.BigEndian.Uint32([]byte(body)) != 0 {
				return "", "", errors.New("PostgreSQL asks for a password: pg_hba.conf is not Spoor's")
			}
		case 'S':
			if name, value, _ := strings.Cut(body, "\x00"); name == "server_version" {
				version, _, _ = strings.Cut(strings.TrimRight(value, "\x00"), " ")
			}
		}
	}
}

// firstValue returns the first column of a DataRow: the number of columns, then
// for each its length (-1 for NULL) and its text.
func firstValue(row string) string {
	if len(row) < 6 {
		return ""
	}
	n := binary.BigEndian.Uint32([]byte(row[2:6]))
	if row = row[6:]; uint64(n) > uint64(len(row)) {
		return ""
	}
	return row[:n]
}

// readMessage reads one message of PostgreSQL's protocol: type, length
// including itself, and body.
func readMessage(r io.Reader) (kind byte, body string, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, "", err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size < 4 || size > messageMax {
		return 0, "", fmt.Errorf("a message of %d bytes: this is not PostgreSQL", size)
	}
	buf := make([]byte, size-4)
	_, err = io.ReadFull(r, buf)
	return head[0], string(buf), err
}

// parseRefusal parses the fields of an ErrorResponse, each a letter and a
// string.
func parseRefusal(body string) error {
	r := &refusal{code: "?????", message: "no reason given"}
	for field := range strings.SplitSeq(body, "\x00") {
		switch {
		case strings.HasPrefix(field, "C"):
			r.code = field[1:]
		case strings.HasPrefix(field, "M"):
			r.message = lastLines(field[1:], 1)
		}
	}
	return r
}
