// Package text reduces a message's body to features by which two bodies can be
// compared: a hash of its letters, a sketch and a sample of its words, and the
// order of its HTML elements. It defines the normal form of bodies and of
// subjects.
//
// A subject and Blocks go in, Features come out. Text that a mail reader does not display is
// excluded, and so are URLs, mail addresses and numbers, which senders vary
// from copy to copy. The package parses no MIME. Comparing is the task of
// package graph/sketch.
package text

import "github.com/cespare/xxhash/v2"

// minLetters is the number of letters from which equal texts are no
// coincidence. "see the attached file" has 18.
const minLetters = 40

// Block is one decoded text of a body.
type Block struct {
	Text []byte
	HTML bool
}

// Features of a body. A zero value means that the body has too little text.
type Features struct {
	Hash     int64    // of the letters
	Length   int      // runes hashed
	Sketch   []byte   // of the words, 64 bytes
	HTMLForm int64    // hash of the order of HTML elements
	Words    []string // sample of the words
	Terms    []string // distinct words of subject and body, in the order of their bytes
}

// Read returns the features of a body, and the terms of its subject too. If the body offers HTML and a plain
// alternative, the HTML counts, because mail readers display that.
func Read(subject string, body []Block) (f Features) {
	n := normalizers.Get().(*normalizer)
	defer normalizers.Put(n)
	n.terms.reset()
	n.reset()
	n.add([]byte(subject), false)
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
	f.Terms = n.terms.list()
	return f
}
