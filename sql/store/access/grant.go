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

// mark is the comment on roles that Grant made, and so may change and drop.
const mark = "Made by collector db grant."

// ErrName says that a name is no name for a login of ours.
var ErrName = errors.New("a login is named by a-z, 0-9 and _, begins with a letter, and not with spoor or pg_")

// ErrNoLogin says that there is no such login with rights on a store.
var ErrNoLogin = errors.New("there is no such login")

// ErrMayNot says that the server lets us make no roles.
var ErrMayNot = errors.New("this login may make no roles on the server; its administrator can: GRANT " + ReadRole + " TO the login")

// Names never need quotes, in SQL as in a URL.
var loginName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

func checkName(name string) error {
	if !loginName.MatchString(name) || strings.HasPrefix(name, "spoor") || strings.HasPrefix(name, "pg_") ||
		name == "postgres" || name == "public" || name == "none" {
		return fmt.Errorf("%q: %w", name, ErrName)
	}
	return nil
}

// Granted is a login that may read.
type Granted struct {
	Name string
	Raw  bool // mail as it came, too
	Ours bool // made by Grant: Revoke drops it
}

// Grant lets a login read, and mail as it came only with raw. A login that is not there
// is made, and its password returned; so is a new password for one that Grant made. A
// login that somebody else made keeps its own: the password is "".
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

// Revoke takes the rights from a login, cuts off its connections, and drops it if Grant made it.
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

// revoke shuts a login of ours out before it cuts off its connections: none comes back
// in between.
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

// List names the logins that may read, but for Spoor's own.
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

func (a *Admin) role(ctx context.Context, name string) (there, ours bool, err error) {
	err = a.conn.QueryRow(ctx, `
		SELECT coalesce(shobj_description(oid, 'pg_authid') = $2, false) FROM pg_roles WHERE rolname = $1`, name, mark).Scan(&ours)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, false, nil
	}
	return err == nil, ours, err
}

// scramRounds is PostgreSQL's own default. The passwords are 26 random letters: more
// rounds would protect nothing more.
const scramRounds = 4096

// verifier is what PostgreSQL keeps of a password (RFC 5803): given one, it stores it as
// it is, so that the password itself is never sent.
func verifier(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramRounds, sha256.Size)
	if err != nil {
		panic(err) // a hash that is too weak for FIPS, which SHA-256 is not
	}
	client := sha256.Sum256(sign(salted, "Client Key"))
	base := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, base(salt), base(client[:]), base(sign(salted, "Server Key")))
}

func sign(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
