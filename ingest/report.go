package ingest

import (
	"strings"

	"spoor/ingest/dsn"
	"spoor/ingest/message"
)

// readReport parses a delivery report. A message counts as one only if a mail
// server sent it (RFC 3464 section 2 demands an empty envelope sender) and if
// it has the structure or the prose of a report. Spam imitates either one
// alone.
//
// Report is kept apart, because reports never join a campaign: a mail that
// could pass for one by its empty sender alone would hide, as one phish in
// fifteen of a public corpus did.
func (f *Facts) readReport(m *message.Message) {
	server := f.fromServer(m)
	unknown := m.Header.Get("Return-Path") == nil
	f.Report = (server || unknown) && len(m.Parts) > 0 && m.Parts[0].Type == "multipart/report"
	if !server {
		return
	}
	for i := range m.Parts {
		p := &m.Parts[i]
		if isStatus(p.Type) && p.Text != nil && len(f.Reports) == 0 {
			f.Reports = dsn.Parse(p.Text)
		}
	}
	if len(f.Reports) == 0 && onlyText(m) {
		for i := range m.Parts {
			if reports, ok := dsn.ReadText(m.Parts[i].Text); ok {
				f.Reports = reports
				break
			}
		}
	}
	if len(f.Reports) > 0 {
		f.Report = true
		f.Returned = returned(m)
	}
}

// fromServer reports whether a mail server and not a person wrote the message.
func (f *Facts) fromServer(m *message.Message) bool {
	if strings.TrimSpace(value(m.Header, "Return-Path")) == "<>" || dsn.IsDaemon(f.From.Address) || dsn.IsDaemon(f.ReturnPath) {
		return true
	}
	auto := strings.ToLower(strings.TrimSpace(value(m.Header, "Auto-Submitted")))
	return strings.HasPrefix(auto, "auto-replied") || strings.HasPrefix(auto, "auto-generated")
}

func isStatus(mediaType string) bool {
	return mediaType == "message/delivery-status" || mediaType == "message/global-delivery-status"
}

// isMachineRead reports whether a part is written by programs for programs. The
// servers and addresses in it are not content of the message.
func isMachineRead(mediaType string) bool {
	switch mediaType {
	case "text/rfc822-headers", "message/global-headers", "message/disposition-notification", "message/feedback-report":
		return true
	}
	return isStatus(mediaType)
}

// onlyText reports whether the message is plain text, apart from a message that
// it returns. Servers that report in prose send nothing else.
func onlyText(m *message.Message) bool {
	for i := range m.Parts {
		p := &m.Parts[i]
		if p.Message {
			return i > 0
		}
		if p.HTML || p.Type != "text/plain" && !strings.HasPrefix(p.Type, "multipart/") {
			return false
		}
	}
	return true
}
