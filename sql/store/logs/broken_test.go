package logs

import "testing"

func TestBrokenByForm(t *testing.T) {
	for _, tc := range []struct {
		name string
		to   []string
		want int64
	}{
		{"whole ones", []string{"susan@client.example", "robert@client.example"}, 0},
		{"letters lost", []string{"robert@client.example", "obert@client.example", "bert@client.example", "ert@client.example"}, 2},
		{"at another domain", []string{"susan@client.example", "usan@other.example"}, 0},
		{"something before", []string{"client.examplesusan@client.example", "smtpoffice@client.example", "00office@client.example", "client.examplesmtpx@client.example"}, 4},
		{"short names", []string{"anna@client.example", "nna@client.example", "na@client.example"}, 0},
		{"no addresses", []string{"", "@", "x@", "@client.example", "smtp"}, 0},
	} {
		to := map[string]bool{}
		for _, a := range tc.to {
			to[a] = false
		}
		if got := brokenByForm(to); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}
