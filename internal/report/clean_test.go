package report_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"plain – text, ünïcode 日本": "plain – text, ünïcode 日本",
		"a\tb":                     "a    b",
		"a\r\nb\nc":                "a b c",
		"\x1b[31m":                 "␛[31m",
		"\x00\r\x7f":               "␀␍␡",
		"\u009b2J":                 "<U+009B>2J",
		"\u202egnp":                "<U+202E>gnp",
		"\u2028":                   "<U+2028>",
		"\xff":                     "\ufffd",
		"👩\u200d💻":                 "👩\u200d💻",
	} {
		if got := report.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(reporttest.Attack)
	f.Add("plain")
	f.Fuzz(func(t *testing.T, text string) {
		got := report.Clean(text)
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("Clean(%q) lets %U through", text, r)
			}
		}
		if !utf8.ValidString(got) || report.Clean(got) != got {
			t.Errorf("Clean(%q) = %q is not clean", text, got)
		}
	})
}
