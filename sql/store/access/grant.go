package access

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"spoor/sql"
)

// mark is the comment on roles that Grant created, and therefore may change and
// drop.
const mark = "Made by collector db grant."

// ErrName reports a name that a login must not have.
var ErrName = errors.New("a login is named by a-z, 0-9 and _, begins with a letter, and not with spoor or pg_")

// ErrNoLogin reports that no such login has rights on a store.
var ErrNoLogin = errors.New("there is no such login")

// ErrMayNot reports that this login may not create roles.
var ErrMayNot = errors.New("this login may make no roles on the server; its administrator can: GRANT " + ReadRole + " TO the login")

// loginName matches names that need no quoting in SQL or in a URL.
var loginName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// checkName refuses names that need quoting, PostgreSQL's own, and those of a
// store's roles.
func checkName(name string) error {
	if !loginName.MatchString(name) || strings.HasPrefix(name, "spoor") || strings.HasPrefix(name, "pg_") ||
		name == "postgres" || name == "public" || name == "none" {
		return fmt.Errorf("%q: %w", name, ErrName)
	}
	return nil
}

// Granted is a login with read access.
type Granted struct {
	Name string
	Raw  bool // original mail as well
	Ours bool // created by Grant, so Revoke drops it
}

// Grant gives a login read access, and access to original mail only with raw.
// It creates a missing login and returns its password. For a login that Grant
// created before, it returns a new password. Any other login keeps its
// password, and password is "".
func (a *Admin) Grant(ctx context.Context, name string, raw bool) (password string, err error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	if may, err := Publish(ctx, a.conn); err != nil || !may {
		return "", errors.Join(ErrMayNot, err)
	}
	there, ours, err := a.role(ctx, name)
	if err != nil {
		return "", err
	}
	var steps []string
	if !there {
		steps = append(steps, "CREATE ROLE "+name+" LOGIN CONNECTION LIMIT 20",
			"COMMENT ON ROLE "+name+" IS '"+mark+"'",
			"ALTER ROLE "+name+" SET default_transaction_read_only = on")
	}
	// The password of a login that others made is not ours to change.
	if !there || ours {
		password = rand.Text()
		steps = append(steps, "ALTER ROLE "+name+" PASSWORD '"+verifier(password)+"'")
	}
	steps = append(steps, "GRANT "+ReadRole+" TO "+name)
	if raw {
		steps = append(steps, "GRANT "+RawRole+" TO "+name)
	} else {
		steps = append(steps, "REVOKE "+RawRole+" FROM "+name)
	}
	if err := a.all(ctx, steps...); err != nil {
		return "", fmt.Errorf("grant to %s: %w", name, err)
	}
	return password, nil
}

// Revoke removes the rights of a login, closes its connections, and drops it if
// Grant created it.
func (a *Admin) Revoke(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	granted, err := a.List(ctx)
	if err != nil {
		return err
	}
	for _, g := range granted {
		if g.Name != name {
			continue
		}
		if err := a.revoke(ctx, g); err != nil {
			return fmt.Errorf("revoke from %s: %w", name, err)
		}
		return nil
	}
	return fmt.Errorf("%s: %w", name, ErrNoLogin)
}

// revoke disables a login of ours before it closes the connections, so that
// none can return in between.
func (a *Admin) revoke(ctx context.Context, g Granted) error {
	take := "REVOKE " + ReadRole + ", " + RawRole + " FROM " + g.Name
	if !g.Ours {
		return a.all(ctx, take)
	}
	return errors.Join(
		a.all(ctx, take, "ALTER ROLE "+g.Name+" NOLOGIN"),
		a.all(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"+g.Name+"'"),
		a.all(ctx, "DROP ROLE "+g.Name))
}

// List lists the logins with read access, except our own.
func (a *Admin) List(ctx context.Context) ([]Granted, error) {
	rows, err := a.conn.Query(ctx, sql.Query("access_list"), ReadRole, RawRole, Login, mark)
	if err != nil {
		return nil, fmt.Errorf("list the logins: %w", err)
	}
	granted, err := pgx.CollectRows(rows, pgx.RowToStructByName[Granted])
	if err != nil {
		return nil, fmt.Errorf("list the logins: %w", err)
	}
	return granted, nil
}

// role reports whether a role exists, and whether Grant created it.
func (a *Admin) role(ctx context.Context, name string) (there, ours bool, err error) {
	err = a.conn.QueryRow(ctx, `
		SELECT coalesce(shobj_description(oid, 'pg_authid') = $2, false) FROM pg_roles WHERE rolname = $1`, name, mark).Scan(&ours)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, ours, err
}

// scramRounds is PostgreSQL's default. The passwords are 26 random letters, so
// more rounds would add no protection.
const scramRounds = 4096

// verifier returns the form in which PostgreSQL stores a password (RFC 5803).
// PostgreSQL accepts it in place of a password, so the password is never sent.
func verifier(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramRounds, sha256.Size)
	if err != nil {
		panic(err) // only a hash that FIPS forbids fails, and SHA-256 is permitted
	}
	client := sha256.Sum256(sign(salted, "Client Key"))
	base := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, base(salt), base(client[:]), base(sign(salted, "Server Key")))
}

// sign is an HMAC with SHA-256 (RFC 5802 section 2.2).
func sign(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
