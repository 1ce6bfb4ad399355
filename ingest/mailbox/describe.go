package mailbox

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"strings"
)

// describeSize is the number of bytes of a source that Find examines. It is
// enough to see into every compression but bzip2, whose blocks have up to 900
// kB.
const describeSize = 64 << 10

// describe sets format, dialect and compression from the first bytes of a
// source.
//
// The returned verdict is that of the outermost layer: only it decides whether
// the source can be read at all. Packed content that cannot be seen within the
// first bytes leaves Format empty, and the pass finds out at the reading.
func (s *Source) describe(lim Limits, head []byte) verdict {
	v := sniff(head, given)
	packed := v
	in := io.Reader(bytes.NewReader(head))
	var layers []string
	// Layers are collected from the outside in, and named from the inside out:
	// a "mail.tar.xz" is "tar+xz".
	for depth := 0; depth <= lim.Depth && packedName(packed.kind) != ""; depth++ {
		layers = append([]string{packedName(packed.kind)}, layers...)
		head = peel(packed.kind, in)
		if len(head) == 0 {
			packed = verdict{}
			break
		}
		in = bytes.NewReader(head)
		packed = sniff(head, given)
	}
	s.Compression = strings.Join(layers, "+")
	switch packed.kind {
	case isMbox:
		s.Format = Mbox
		s.split = splitterFor(head)
		s.Dialect, s.several = dialect(head)
	case isMessage:
		s.Format = Single
	case isLog:
		s.Format = MailLog
	case isUnknown:
		if len(layers) == 0 {
			s.Format = Mbox // with a prologue, or empty
		}
	}
	return v
}

// peel returns the beginning of the content of a packed stream. r may be
// truncated.
func peel(k kind, r io.Reader) []byte {
	switch k {
	case isTar:
		return peelTar(tar.NewReader(r))
	case isZip:
		return peelZip(r)
	}
	z, release, err := unpacker(k, r)
	if err != nil {
		return nil
	}
	defer release()
	return readHead(z)
}

func readHead(r io.Reader) []byte {
	head, _ := io.ReadAll(io.LimitReader(r, describeSize)) // the bytes before an error are enough
	return head
}

// peelTar returns the beginning of the first regular file.
func peelTar(t *tar.Reader) []byte {
	// Links and folders have no bytes; a thousand of them are half a megabyte
	// of headers, more than describeSize holds.
	for range 1000 {
		h, err := t.Next()
		if err != nil {
			return nil
		}
		if h.Typeflag == tar.TypeReg && !hidden(label(h.Name)) && h.Size > 0 {
			return readHead(t)
		}
	}
	return nil
}

// dialect guesses from the beginning of an mbox how it was written, and whether
// it has more than one message. The result is for display only: all dialects
// are read in the same way.
func dialect(head []byte) (name string, several bool) {
	p := newPass(context.Background(), Limits{MessageBytes: describeSize}, func(Raw, error) bool { return true })
	var d dialectSigns
	p.yield = d.see
	p.mbox(Place{}, &stream{r: bytes.NewReader(nil), buf: head, err: io.EOF}, splitterFor(head))
	return d.name(), d.messages > 1
}

// dialectSigns are counts over the first messages of an mbox.
type dialectSigns struct {
	messages, lengths    int
	quoted, twice, naked int
}

// see collects the signs of an mbox dialect in a message: quoted From lines in
// the body, and Content-Length in the header.
func (d *dialectSigns) see(r Raw, err error) bool {
	if err != nil {
		return true
	}
	d.messages++
	head, body, _ := bytes.Cut(r.Data, []byte("\n\n"))
	if i := bytes.Index(r.Data, []byte("\r\n\r\n")); i >= 0 {
		head, body = r.Data[:i], r.Data[i+4:]
	}
	for line := range bytes.Lines(head) {
		if _, ok := fieldValue(line, "content-length"); ok {
			d.lengths++
		}
	}
	d.quoted += bytes.Count(body, []byte("\n>From "))
	d.twice += bytes.Count(body, []byte("\n>>From "))
	d.naked += bytes.Count(body, []byte("\n\nFrom ")) + bytes.Count(body, []byte("\r\n\r\nFrom "))
	return true
}

// name draws the conclusion: mboxcl2 quotes nothing and has lengths, mboxrd
// quotes quoted lines again.
func (d *dialectSigns) name() string {
	switch {
	case d.messages > 0 && d.lengths == d.messages && d.quoted == 0 && d.naked > 0:
		return "mboxcl2"
	case d.messages > 0 && d.lengths == d.messages && d.quoted > 0:
		return "mboxcl"
	case d.twice > 0 && d.naked == 0:
		return "mboxrd"
	case d.quoted > 0:
		return "mboxo"
	}
	return ""
}
