package serve

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"spoor/internal/cli"
)

// open makes a guard before pages that need no store.
func open() (*guard, *http.Cookie) {
	env := &cli.Env{Now: time.Now, Getenv: func(string) string { return "" }}
	g := Handler(Desk{Env: env}, Access{Token: "a-token-of-20-letters", Names: []string{"desk.example"}, Port: "8300"}).(*guard)
	return g, &http.Cookie{Name: g.cookie(), Value: g.session()}
}

func ask(h http.Handler, method, target, host string, cookie *http.Cookie, form url.Values, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Host = host
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestWhoIsAnswered(t *testing.T) {
	g, in := open()
	good := url.Values{"token": {g.formToken()}}
	for _, c := range []struct {
		name, method, target, host string
		cookie                     *http.Cookie
		form                       url.Values
		header                     []string
		want                       int
	}{
		{"let in", "GET", "/no/such", "127.0.0.1:8300", in, nil, nil, 404},
		{"localhost", "GET", "/no/such", "localhost:8300", in, nil, nil, 404},
		{"IPv6", "GET", "/no/such", "[::1]:8300", in, nil, nil, 404},
		{"a name that was given", "GET", "/no/such", "Desk.example:8300", in, nil, nil, 404},
		{"DNS rebinding", "GET", "/no/such", "evil.example:8300", in, nil, nil, 421},
		{"DNS rebinding, like an address", "GET", "/no/such", "127.0.0.1.evil.example", in, nil, nil, 421},
		{"no host", "GET", "/no/such", "", in, nil, nil, 421},
		{"nobody", "GET", "/", "127.0.0.1:8300", nil, nil, nil, 401},
		{"another's cookie", "GET", "/", "127.0.0.1:8300", &http.Cookie{Name: in.Name, Value: "x"}, nil, nil, 401},
		{"the token as a cookie", "GET", "/", "127.0.0.1:8300", &http.Cookie{Name: in.Name, Value: g.Token}, nil, nil, 401},
		{"cookie of another port", "GET", "/", "127.0.0.1:8300", &http.Cookie{Name: "spoor_8301", Value: in.Value}, nil, nil, 401},
		{"wrong token", "GET", "/?token=a-token-of-20-letterS", "127.0.0.1:8300", nil, nil, nil, 401},
		{"token", "GET", "/?token=a-token-of-20-letters", "127.0.0.1:8300", nil, nil, nil, 303},
		{"a form without its token", "POST", "/decide", "127.0.0.1:8300", in, url.Values{"what": {"undo"}}, nil, 403},
		{"a form that was guessed", "POST", "/decide", "127.0.0.1:8300", in, url.Values{"token": {"x"}}, nil, 403},
		{"a form of another site", "POST", "/decide", "127.0.0.1:8300", in, good, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a form of another port", "POST", "/decide", "127.0.0.1:8300", in, good, []string{"Origin", "http://127.0.0.1:9999"}, 403},
		{"a form of ours, read only", "POST", "/decide", "127.0.0.1:8300", in, good, []string{"Sec-Fetch-Site", "same-origin"}, 403},
		{"a form too long", "POST", "/decide", "127.0.0.1:8300", in, url.Values{"token": {g.formToken()}, "text": {strings.Repeat("x", maxForm)}}, nil, 403},
		{"a method of no page", "PUT", "/decide", "127.0.0.1:8300", in, nil, nil, 404},
	} {
		got := ask(g, c.method, c.target, c.host, c.cookie, c.form, c.header...)
		if got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.StatusCode, c.want)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY"} {
			if v := got.Header.Get(name); v != want {
				t.Errorf("%s: %s is %q", c.name, name, v)
			}
		}
		policy := got.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", c.name, policy)
		}
	}
}

// The token of the address becomes a cookie that scripts and other sites can't have.
func TestCookie(t *testing.T) {
	g, in := open()
	got := ask(g, "GET", "/?token="+g.Token, "127.0.0.1:8300", nil, nil)
	cookies := got.Cookies()
	if len(cookies) != 1 || cookies[0].Value != in.Value || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || cookies[0].Domain != "" {
		t.Errorf("%v", cookies)
	}
	if got.Header.Get("Location") != "/" || strings.Contains(cookies[0].Value, g.Token) {
		t.Errorf("the token stays in sight: %v %v", got.Header, cookies)
	}
}

func TestTokensThatCanBeGuessed(t *testing.T) {
	for token, good := range map[string]bool{"": false, "secret": false, "0123456789abcdef0123": true} {
		if err := CheckToken(token); (err == nil) != good {
			t.Errorf("%q: %v", token, err)
		}
	}
	if err := CheckToken(NewToken()); err != nil {
		t.Error(err)
	}
}
