// Package html takes the HTML of mail apart into tags, comments, raw text and character
// references, as browsers do (HTML Standard section 13.2.5). It is the one HTML lexer of
// the collector: package links reads attributes and text from it, package text what a
// reader sees.
//
// It replaces the tokenizer of golang.org/x/net/html for speed alone: that makes four
// copies of each attribute, a newsletter has hundreds, and half of the time of the search
// for links was spent there. A fuzz test holds the two equal. Named character references
// are still the library's. The package builds no tree.
package html
