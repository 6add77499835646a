package junit

import (
	"encoding/xml"
	"fmt"
	"strings"

	"rehearse/internal/report"
	"rehearse/internal/source"
)

// There is no one schema of JUnit XML. What is written here is valid by the two
// that tools go by: JUnit.xsd of Windy Road, after what Ant writes, and
// junit-10.xsd of the xUnit plugin of Jenkins, after what Maven's Surefire
// writes.

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []*suite `xml:"testsuite"`
}

type suite struct {
	ID         int        `xml:"id,attr"`
	Package    string     `xml:"package,attr"`
	Name       string     `xml:"name,attr"`
	Timestamp  string     `xml:"timestamp,attr,omitempty"` // without a zone, as the schema wants it: of UTC
	Host       string     `xml:"hostname,attr"`            // "localhost", as the schema says where it is not told
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"` // in seconds
	Properties []property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
	Out        string     `xml:"system-out"`
	Err        string     `xml:"system-err"`

	found map[string]bool // checks that have a case
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Time    string   `xml:"time,attr"`
	Skipped *outcome `xml:"skipped"`
	Error   *outcome `xml:"error"`
	Failure *outcome `xml:"failure"`
}

type outcome struct {
	Type    string `xml:"type,attr,omitempty"` // not of what is skipped
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// count fills in the figures of a suite.
func (s *suite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}

// clean returns a text that XML can hold (Extensible Markup Language 1.0, 2.2,
// "Characters"): report.Clean shows the control characters, and two code points
// are left.
func clean(text string) string {
	return strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(report.Clean(text))
}

func place(at source.Span) string {
	if at.Line == 0 {
		return strings.TrimSpace(at.File)
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}
