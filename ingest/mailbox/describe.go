package mailbox

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"strings"
)

// describeSize is how much of a source Find looks at. It holds a block of bzip2 rarely,
// of the others always enough to see what is inside.
const describeSize = 64 << 10

// describe fills in format, dialect and compression from the first bytes of a source.
func (s *Source) describe(lim Limits, head []byte) verdict {
	v := sniff(head, given)
	packed := v
	in := io.Reader(bytes.NewReader(head))
	var layers []string
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
			s.Format = Mbox // with a prologue, or nothing
		}
	}
	return v
}

// peel returns the beginning of what is in a packed stream, of which r may be only the
// beginning too.
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
	head, _ := io.ReadAll(io.LimitReader(r, describeSize)) // what comes before an error is enough
	return head
}

// peelTar returns the beginning of the first member that is a file.
func peelTar(t *tar.Reader) []byte {
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

// dialect guesses how an mbox was written from its beginning, and whether it holds more
// than one message. It is for people to read: reading a dialect takes no knowledge of it.
func dialect(head []byte) (name string, several bool) {
	p := newPass(context.Background(), Limits{MessageBytes: describeSize}, func(Raw, error) bool { return true })
	var d dialectSigns
	p.yield = d.see
	p.mbox(Place{}, &stream{r: bytes.NewReader(nil), buf: head, err: io.EOF}, splitterFor(head))
	return d.name(), d.messages > 1
}

// dialectSigns are counted over the first messages of an mbox.
type dialectSigns struct {
	messages, lengths    int
	quoted, twice, naked int
}

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
