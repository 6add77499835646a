package ledger

import (
	"strings"
	"testing"
)

func TestHostAndPort(t *testing.T) {
	for _, c := range []struct {
		text, host string
		port       int
	}{
		{"http://localhost:5000/api", "localhost", 5000},
		{"https://Shop.example.com", "shop.example.com", 443},
		{"postgres://ann:secret@db:5432/shop?sslmode=disable", "db", 5432},
		{"postgres://db/shop", "db", 5432},
		{"jdbc:postgresql://db/shop", "db", 5432},
		{"jdbc:sqlserver://db:1433;databaseName=shop", "db", 1433},
		{"r2dbc:pool:mysql://localhost/shop", "localhost", 3306},
		{"Host=localhost;Port=5432;Database=shop;Password=x", "localhost", 5432},
		{"Server=tcp:localhost,1433;Database=shop", "localhost", 1433},
		{"Data Source=.\\SQLEXPRESS;Integrated Security=true", "localhost", 1433},
		{"cache:6379,abortConnect=false", "cache", 6379},
		{"redis://:secret@cache", "cache", 6379},
		{"localhost:4317", "localhost", 4317},
		{"localhost", "localhost", 0},
		{":8080", "", 8080},
		{"0.0.0.0:80", "0.0.0.0", 80},
		{"[::1]:80", "::1", 80},
		{"::1", "::1", 0},
		{"db, cache", "", 0},
		{"/var/run/docker.sock", "", 0},
		{"host=db port=5432", "", 0},
		{"db:shop", "", 0},
		{"http://[::1", "", 0},
		{"", "", 0},
	} {
		if host, port := HostOf(c.text), PortOf(c.text); host != c.host || port != c.port {
			t.Errorf("%q: host %q, port %d; want %q, %d", c.text, host, port, c.host, c.port)
		}
	}
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "app.localhost": true, "127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true,
		"0.0.0.0": false, "localhost.example.com": false, "db": false, "": false, "10.0.0.1": false,
	} {
		if Loopback(host) != want {
			t.Errorf("Loopback(%q) = %v", host, !want)
		}
	}
}

func FuzzHostOf(f *testing.F) {
	for _, seed := range []string{"http://localhost:5000/a", "[::1]:80", "::", "a:b:c", "://", "db:5432", "http://a:99999999999", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		host, port := HostOf(text), PortOf(text)
		if host != strings.ToLower(host) {
			t.Errorf("HostOf(%q) = %q has large letters", text, host)
		}
		if port < 0 || port > 65535 {
			t.Errorf("PortOf(%q) = %d is no port", text, port)
		}
	})
}
