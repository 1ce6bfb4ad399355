package rdap

import (
	"net/http"
	"net/url"
)

// Around lets requests pass through what wrap makes of the client's own transport: to
// keep answers, or to give kept ones. It is to be called after Trust and before the first
// question.
func (c *Client) Around(wrap func(http.RoundTripper) http.RoundTripper) {
	rt := wrap(c.transport.Clone())
	for _, scheme := range []string{"http", "https"} {
		c.transport.RegisterProtocol(scheme, rt)
	}
}

// ServerOf tells which server, host:port, a domain would be asked of; "" for none.
func (c *Client) ServerOf(name string) string {
	u, err := url.Parse(c.domainBase(name))
	if err != nil || u.Host == "" {
		return ""
	}
	return hostPort(u)
}
