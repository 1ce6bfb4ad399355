package rdap

import (
	"net/http"
	"net/url"
)

// Around wraps the client's transport with wrap, to record or replay answers.
// Call it after Trust and before the first question.
//
// wrap gets a clone, because a transport that calls itself through its
// registered protocols would never end.
func (c *Client) Around(wrap func(http.RoundTripper) http.RoundTripper) {
	rt := wrap(c.transport.Clone())
	for _, scheme := range []string{"http", "https"} {
		c.transport.RegisterProtocol(scheme, rt)
	}
}

// ServerOf returns the server, host:port, that would be asked about a domain,
// or "".
func (c *Client) ServerOf(name string) string {
	u, err := url.Parse(c.domainBase(name))
	if err != nil || u.Host == "" {
		return ""
	}
	return hostPort(u)
}
