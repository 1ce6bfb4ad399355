package connstring_test

import (
	"errors"
	"strings"
	"testing"

	"spoor/internal/connstring"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct{ dsn, clean, password string }{
		{"postgres://spoor:geheim@db.example.com/spoor", "postgres://spoor@db.example.com/spoor", "geheim"},
		{"postgresql://spoor:p@ss@db.example.com:5433/spoor", "postgresql://spoor@db.example.com:5433/spoor", "p@ss"},
		{"postgres://spoor:p%40s%2Fs@db.example.com/spoor?sslmode=require", "postgres://spoor@db.example.com/spoor?sslmode=require", "p@s/s"},
		{"postgres://a%40b:x:y@db.example.com/", "postgres://a%40b@db.example.com/", "x:y"},
		{"postgres://spoor@db.example.com/spoor?password=p%40+s&x=1", "postgres://spoor@db.example.com/spoor?x=1", "p@+s"},
		{"postgres://u:1@db.example.com/s?password=2", "postgres://u@db.example.com/s", "2"},
		{"postgres://db.example.com/s?sslpassword=3&sslkey=k", "postgres://db.example.com/s?sslkey=k", ""},
		{"postgres:///spoor?host=/run/x&user=u", "postgres:///spoor?host=/run/x&user=u", ""},
		{"postgres://u:p@[2001:db8::1]:5432,192.0.2.1:1/s", "postgres://u@[2001:db8::1]:5432,192.0.2.1:1/s", "p"},
		{"host=db.example.com password=geheim dbname=spoor", "host=db.example.com dbname=spoor", "geheim"},
		{`host = db.example.com password = 'ge\'he im' user='a b'`, `host=db.example.com user='a b'`, "ge'he im"},
		{`password=a\ b\\c host=''`, `host=''`, `a b\c`},
		{"", "", ""},
	} {
		clean, password, err := connstring.Split(c.dsn)
		if err != nil || clean != c.clean || password != c.password {
			t.Errorf("Split(%q) = %q, %q, %v; want %q, %q", c.dsn, clean, password, err, c.clean, c.password)
		}
		if again, p, err := connstring.Split(clean); err != nil || p != "" || again != clean {
			t.Errorf("Split(%q) = %q, %q, %v: not settled", clean, again, p, err)
		}
	}
}

// TestHalfAPassword: an unreadable string is refused, and the error quotes no
// part of it.
func TestHalfAPassword(t *testing.T) {
	for _, dsn := range []string{
		"postgres://spoor:ge/heim@db.example.com/spoor",
		"postgres://spoor:12/heim@db.example.com/spoor",
		"postgres://spoor:12?heim@db.example.com/spoor",
		"postgres://spoor:ge#heim@db.example.com/spoor",
		"postgres://spoor:ge?heim@db.example.com/spoor",
		"postgres://spoor:ge%zzheim@db.example.com/spoor",
		"postgres://db.example.com/x?password=%zzheim",
		"mysql://spoor:heim@db.example.com/spoor",
		"spoor:heim@db.example.com",
		"host=x password='heim",
		"heim",
	} {
		clean, password, err := connstring.Split(dsn)
		if !errors.Is(err, connstring.ErrForm) || strings.Contains(err.Error(), "heim") || clean != "" || password != "" {
			t.Errorf("Split(%q) = %q, %q, %v", dsn, clean, password, err)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"postgres://u:p@h/d?a=b", "host=h password='x y'", "postgres://u:p@p@h,h2:1/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		clean, _, err := connstring.Split(dsn)
		if err != nil {
			return
		}
		again, password, err := connstring.Split(clean)
		if err != nil || again != clean || password != "" {
			t.Errorf("Split(%q) = %q, then %q, %q, %v", dsn, clean, again, password, err)
		}
	})
}
