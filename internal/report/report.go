// Package report holds what the tool has to say when it is done, and the
// family of its papers: text, JSON and so on.
//
// # How to add one
//
// A paper is a folder beside this file with a function
//
//	func New(w io.Writer, options report.Options) report.Writer
//
// that writes a Document to w in one go, and a line in the list of formats of
// package cli. It reads nothing but the Document: no files, no environment, no
// clock. It starts from Document.Ordered, so that the same document gives the
// same bytes whatever order its pieces came in. A paper for people's eyes
// passes every text through Clean: names of files, code and the output of
// processes are not to be trusted with a terminal. Its testdata are golden
// files of the documents of package reporttest.
package report

// Writer writes a document on one kind of paper.
type Writer interface {
	// Write writes the document. It is called once, at the end. An error is
	// one of the underlying writer.
	Write(Document) error
}

// Options are what the reader's eyes ask for. A paper for machines has no use
// for them.
type Options struct {
	Color   bool // colour and weight may be used
	Width   int  // of the paper in cells; 0 is 80
	Verbose bool // nothing is shortened
}
