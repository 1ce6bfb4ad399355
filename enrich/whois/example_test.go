package whois_test

import (
	"fmt"
	"time"

	"spoor/enrich/whois"
)

func ExampleParse() {
	answer := `Domain Name: SHOP.EXAMPLE
Registrar: Example Registrar, Inc.
Creation Date: 2006-01-02T10:00:00Z
Registrant Name: REDACTED FOR PRIVACY
Registrant Country: US
Name Server: NS1.POOL.EXAMPLE
`
	a := whois.Parse("shop.example", "whois.nic.example:43", []byte(answer))
	fmt.Println(a.Outcome)
	r := a.Registration
	fmt.Println(r.Registrar.Name, r.Created.Format(time.DateOnly), r.NameServers[0].Host)
	fmt.Printf("registrant %q in %s, redacted %v\n", r.Registrant.Name, r.Registrant.Country, r.Redacted)

	free := whois.Parse("free.example", "whois.nic.example:43", []byte("No match for domain \"FREE.EXAMPLE\".\n"))
	fmt.Println(free.Outcome)
	// Output:
	// answered
	// Example Registrar, Inc. 2006-01-02 ns1.pool.example
	// registrant "" in US, redacted [registrant.name]
	// none
}
