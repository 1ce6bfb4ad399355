package wording

// SetAside says why a message is set aside from campaigns; "" if it is not. The name of a
// publisher is untrusted; the screen escapes it.
func SetAside(publisher string, report bool) string {
	switch {
	case publisher != "":
		return "set aside as a newsletter of " + publisher
	case report:
		return "set aside as a delivery report"
	}
	return ""
}
