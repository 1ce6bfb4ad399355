// Package html splits the HTML of mail into tags, comments, raw text and
// character references, as browsers do (HTML Standard section 13.2.5). It is
// the only HTML lexer of the collector: package links takes attributes and text
// from it, package text the visible words. It builds no tree.
//
// The tokenizer of golang.org/x/net/html would do the same but copies each
// attribute four times. A newsletter has hundreds of attributes, and the copies
// took half of the time of the search for links. A fuzz test checks that both
// agree. Named character references still come from the library.
package html
