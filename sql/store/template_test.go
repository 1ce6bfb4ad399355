package store_test

import (
	"testing"

	"spoor/graph/evidence"
	"spoor/sql/store/storetest"
)

// TestPathTemplate holds the column that people see to the trait that the correlator counts.
func TestPathTemplate(t *testing.T) {
	s := storetest.New(t)
	for url, want := range map[string]string{
		"http://www.example.com/rolex/watches.php?id=77&u=x":                             "/rolex/watches.php?id=&u=",
		"http://www.example.com/secure/account12/a8f3e9b1c2/verify":                      "/secure/account0/*/verify",
		"https://www.example.com/AbCdEfGh/customers/thisisalongsegmentthatnobodywrites/": "/*/customers/*/",
		"http://www.example.com/über/straße/äöüäöüäöü?größe=1&x":                         "/über/straße/äöüäöüäöü?größe=",
		"http://www.example.com/landing?a=1&b=2&token99=3#top":                           "/landing?a=&b=&token0=",
		"http://www.example.com?session=5&customer=7":                                    "/?session=&customer=",
		"http://192.0.2.1:8080/manage/2024/payments":                                     "/manage/0/payments",
		"http://www.example.com/2001a2002b/documents/invoices":                           "/*/documents/invoices",
	} {
		if got := storetest.Column(t, s, "SELECT coalesce(path_template($1), '')", url)[0]; got != want {
			t.Errorf("path_template(%s) = %q, want %q", url, got, want)
		}
		m := evidence.Message{Links: []evidence.Link{{URL: url, Host: "www.example.com", Domain: "example.com", Found: "text"}}}
		trait := ""
		for _, f := range evidence.Of(&m) {
			if f.Kind == evidence.LinkPath {
				trait = f.Value
			}
		}
		if trait != want {
			t.Errorf("the trait of %s is %q, the column %q", url, trait, want)
		}
	}
	for _, url := range []string{"http://www.example.com", "mailto:bob@example.com", "", "http://www.example.com/#top"} {
		got := storetest.Column(t, s, "SELECT coalesce(path_template($1), 'none')", url)[0]
		if url == "http://www.example.com/#top" && got != "/" || url != "http://www.example.com/#top" && got != "none" {
			t.Errorf("path_template(%q) = %q", url, got)
		}
	}
}
