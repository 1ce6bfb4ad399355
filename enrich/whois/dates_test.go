package whois

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2011-07-20T16:55:31Z":                  "2011-07-20T16:55:31Z",
		"2011-07-20T16:55:31.123Z":              "2011-07-20T16:55:31Z",
		"2011-07-20T18:55:31+02:00":             "2011-07-20T16:55:31Z",
		"2011-07-20T18:55:31+0200":              "2011-07-20T16:55:31Z",
		"2011-07-20 18:55:31 +02":               "2011-07-20T16:55:31Z",
		"2011-07-20":                            "2011-07-20T00:00:00Z",
		"20-Jul-2011":                           "2011-07-20T00:00:00Z",
		"20-jul-11":                             "2011-07-20T00:00:00Z",
		"20-Jul-2011 16:55:31 UTC":              "2011-07-20T16:55:31Z",
		"Wed Jul 20 16:55:31 GMT 2011":          "2011-07-20T16:55:31Z",
		"Wed Jul 20 16:55:31 2011":              "2011-07-20T16:55:31Z",
		"Wed, 20 Jul 2011 16:55:31 +0000 (UTC)": "2011-07-20T16:55:31Z",
		"Wednesday 20th July 2011":              "2011-07-20T00:00:00Z",
		"July 20 2011":                          "2011-07-20T00:00:00Z",
		"July 20, 2011":                         "2011-07-20T00:00:00Z",
		"2011-Jul-20.":                          "2011-07-20T00:00:00Z",
		"20.07.2011":                            "2011-07-20T00:00:00Z",
		"20.7.2011 16:55:31":                    "2011-07-20T16:55:31Z",
		"5.6.2011":                              "2011-06-05T00:00:00Z",
		"05-06-2011":                            "2011-06-05T00:00:00Z",
		"2011. 07. 20.":                         "2011-07-20T00:00:00Z",
		"2011.07.20 16:55:31":                   "2011-07-20T16:55:31Z",
		"2011/07/20":                            "2011-07-20T00:00:00Z",
		"2011/07/20 16:55:31 (JST)":             "2011-07-20T07:55:31Z",
		"07/20/2011":                            "2011-07-20T00:00:00Z",
		"20/07/2011":                            "2011-07-20T00:00:00Z",
		"03/04/2011":                            "2011-03-04T00:00:00Z",
		"12/30/2005 09:45:58":                   "2005-12-30T09:45:58Z",
		"7/20/2011 4:55:31 PM":                  "2011-07-20T16:55:31Z",
		"7/20/2011 12:05:00 AM":                 "2011-07-20T00:05:00Z",
		"20110720":                              "2011-07-20T00:00:00Z",
		"20110720165531":                        "2011-07-20T16:55:31Z",
		"20110720 #2149999":                     "2011-07-20T00:00:00Z",
		"hostmaster@nic.example 20110720":       "2011-07-20T00:00:00Z",
		"0-UANIC 20110720165531":                "2011-07-20T16:55:31Z",
		"2011年07月20日":                           "2011-07-20T00:00:00Z",
		"20 juillet 2011":                       "2011-07-20T00:00:00Z",
		"20 juin 2011":                          "2011-06-20T00:00:00Z",
		"20 de agosto de 2011":                  "2011-08-20T00:00:00Z",
		"20 октября 2011":                       "2011-10-20T00:00:00Z",
		"2011-07-20 (YYYY-MM-DD)":               "2011-07-20T00:00:00Z",
		"2999-12-31 21:59:59":                   "2999-12-31T21:59:59Z",
	} {
		got, ok := ParseDate(in)
		if !ok || got.Truncate(time.Second).Format(time.RFC3339) != want {
			t.Errorf("%q: %v %v, want %s", in, got, ok, want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, in := range []string{
		"", "-", "N/A", "null", "0000-00-00", "0001-01-01T00:00:00Z", "1970-01-01", "31.02.2011", "2011-13-45",
		"12:30", "before 1996", "before Aug-1996", "before 01/01/1995", "Prior to 1-Jan-1995", "Aug-1996", "20th", "2011", "+49 30 555 0142", "99999999", "REDACTED FOR PRIVACY",
	} {
		if got, ok := ParseDate(in); ok {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func TestDayOrder(t *testing.T) {
	for _, c := range []struct{ name, domain, text, want string }{
		{"generic domain", "example.com", "Created: 03/04/2005", "2005-03-04"},
		{"country's domain", "example.bg", "Created: 03/04/2005", "2005-04-03"},
		{"United States", "example.us", "Created: 03/04/2005", "2005-03-04"},
		{"another date shows it", "example.com", "Created: 03/04/2005\nExpires: 25/04/2009", "2005-04-03"},
		{"another date shows the other", "example.pt", "Created: 03/04/2005\nExpires: 04/25/2009", "2005-03-04"},
		{"the answer says so", "example.com", "%% complete date format : DD/MM/YYYY\n\nCreated: 03/04/2005", "2005-04-03"},
		{"the key says so", "example.com", "Creation Date (dd/mm/yyyy): 03/04/2005", "2005-04-03"},
	} {
		a := Parse(c.domain, "", []byte("Domain: "+c.domain+"\nRegistrar: Example\n"+c.text+"\n"))
		if a.Registration == nil || a.Registration.Created.Format(time.DateOnly) != c.want {
			t.Errorf("%s: %+v", c.name, a)
		}
	}
}
