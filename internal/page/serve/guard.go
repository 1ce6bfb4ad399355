package serve

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"spoor/internal/cli"
	"spoor/internal/page"
)

// Access sets the conditions for an answer: the token, and the names of this
// server.
type Access struct {
	Token string   // that opens the pages; nobody may without
	Names []string // of this server, beside localhost, that a browser may ask for
	Port  string   // part of the cookie's name: cookies do not tell ports apart
}

// NewToken makes a token that nobody guesses.
func NewToken() string { return rand.Text() }

// Handler returns the pages of a desk.
func Handler(d Desk, a Access) http.Handler {
	s := &server{Desk: d}
	g := &guard{Access: a, forms: rand.Text()}
	s.site = page.Site{Paths: paths(), Nav: s.pages(), Ask: true, Decide: d.Decider != nil, Token: g.formToken(), Foot: "Store " + d.Where}
	g.next = http.NewCrossOriginProtection().Handler(s.mux())
	return g
}

// guard lets nobody through who was not let in.
type guard struct {
	Access
	forms string // key of the tokens in forms
	next  http.Handler
}

// maxForm bounds a form, in bytes.
const maxForm = 64 << 10

// ServeHTTP checks host, cookie and form token before a request is answered.
// The policy headers allow nothing from other servers, and no framing.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", page.Policy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	switch {
	case !g.known(r.Host):
		// A name of somebody else's that leads here: his page would read ours (DNS rebinding).
		http.Error(w, "This server does not go by that name.", http.StatusMisdirectedRequest)
	case r.URL.Path == "/" && r.URL.Query().Has("token"):
		g.letIn(w, r)
	case !g.in(r):
		http.Error(w, "Open the address that correlate serve printed.", http.StatusUnauthorized)
	case r.Method == http.MethodPost && !same(r.PostFormValue("token"), g.formToken()):
		http.Error(w, "That form is of another page; load it anew.", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// known reports whether a browser may call this server so. An address can't be led elsewhere
// as a name can.
func (g *guard) known(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return name == "localhost" || slices.ContainsFunc(g.Names, func(n string) bool { return strings.EqualFold(n, name) })
}

// letIn makes a cookie of the token of the printed address, and takes it out of sight.
func (g *guard) letIn(w http.ResponseWriter, r *http.Request) {
	if !same(r.URL.Query().Get("token"), g.Token) {
		http.Error(w, "That token is not the one of this server: open the address that it printed last.", http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: g.cookie(), Value: g.session(), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (g *guard) cookie() string { return "spoor_" + g.Port }

// session is the value of the cookie, derived from the token: a person may use
// the token itself elsewhere.
func (g *guard) session() string { return sealed(g.Token, "session") }

func (g *guard) formToken() string { return sealed(g.forms, "form") }

// sealed derives a secret from the token for one purpose: knowing one does not
// give the token or another.
func sealed(key, what string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(what)) // never fails
	return hex.EncodeToString(m.Sum(nil))
}

// in reports whether the request has the cookie.
func (g *guard) in(r *http.Request) bool {
	c, err := r.Cookie(g.cookie())
	return err == nil && same(c.Value, g.session())
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// MinToken is the length of a token that is not guessed.
const MinToken = 20

// CheckToken refuses a token that could be guessed.
func CheckToken(token string) error {
	if len(token) < MinToken {
		return cli.Usage("a token has at least %d characters; openssl rand -hex 16 makes one", MinToken)
	}
	return nil
}
