// Package text reduces a message's body to the features by which two texts are compared:
// a hash of its letters, a sketch of its words, and the order of its HTML elements. It
// owns the normal form of bodies and of subjects.
//
// A Block goes in, Features come out. Text that a mail reader does not show is left out,
// and so are URLs, mail addresses and numbers, which senders vary from copy to copy. The
// package reads no MIME and compares nothing: package graph/sketch does that.
package text

import "github.com/cespare/xxhash/v2"

// minLetters is the number of letters below which equal texts are coincidence: "see the
// attached file" has 18.
const minLetters = 40

// Block is one decoded text of a body.
type Block struct {
	Text []byte
	HTML bool
}

// Features are the comparable features of a body. Zero values mean that the body has too
// little text.
type Features struct {
	Hash     int64    // of the letters
	Length   int      // runes hashed
	Sketch   []byte   // of the words, 64 bytes
	HTMLForm int64    // hash of the order of HTML elements
	Words    []string // sample of the words
}

// Read returns the features of a body. HTML takes precedence over its plain alternative,
// because mail readers show the HTML.
func Read(body []Block) (f Features) {
	n := normalizers.Get().(*normalizer)
	defer normalizers.Put(n)
	for _, html := range []bool{true, false} {
		n.reset()
		for _, b := range body {
			if b.HTML == html {
				n.add(b.Text, html)
			}
		}
		if html {
			f.HTMLForm = n.form.hash()
		}
		if n.runes >= minLetters {
			f.Hash, f.Length = int64(xxhash.Sum64(n.out)), n.runes
			f.Sketch, f.Words = n.sketch.bytes(), n.sample.list()
			break
		}
	}
	return f
}
