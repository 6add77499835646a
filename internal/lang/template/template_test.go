package template

import (
	"testing"

	"rehearse/internal/lang/langtest"
	"rehearse/internal/source"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

// FuzzRead holds the reader to it that what it finds stands where it says.
func FuzzRead(f *testing.F) {
	for i, name := range []string{"Caddyfile", "haproxy.cfg", "otel.yaml", "logstash.conf", "filebeat.yml", "php.ini", "default.conf.template"} {
		f.Add(uint8(i), []byte("a ${X:-d} {$Y:z} ${env:Z} $Q\n# ${C}\n"))
		if formatOf(name) == nil {
			f.Fatalf("%s is of no format", name)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		names := []string{"Caddyfile", "haproxy.cfg", "otel.yaml", "logstash.conf", "filebeat.yml", "php.ini", "default.conf.template"}
		file := source.File{Path: names[int(which)%len(names)], Data: data}
		needs, err := New().Read(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range needs {
			if line := file.Line(n.At.Line); n.Name == "" || len(n.Text) > 120 || line == "" {
				t.Errorf("%+v of %q", n, line)
			}
		}
	})
}
