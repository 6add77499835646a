package connection

import "testing"

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"jdbc:postgresql://db:5432/shop":                         "postgresql://db:5432/shop",
		"jdbc:sqlserver://db:1433;databaseName=shop":             "sqlserver://db:1433",
		"r2dbc:pool:mysql://db/shop":                             "mysql://db/shop",
		"jdbc:oracle:thin:@//db:1521/shop":                       "oracle://db:1521/shop",
		"Host=db;Database=shop;Username=a;Password=b":            "db:5432",
		"Server=db;Database=shop;Uid=a;Pwd=b":                    "db:3306",
		"Server=tcp:db,1433;Initial Catalog=shop":                "db:1433",
		`Server=.\SQLEXPRESS;Database=shop;Trusted_Connection=1`: "localhost:1433",
		"Data Source=shop.db":                                    "",
		"cache:6379,abortConnect=false":                          "cache:6379",
		"kafka:9092,other:9092":                                  "kafka:9092",
		"http://a/?b=c;d":                                        "http://a/?b=c",
		"plain":                                                  "plain",
		"":                                                       "",
	} {
		if got := Address(text); got != want {
			t.Errorf("%q is at %q, not %q", text, got, want)
		}
	}
}

func TestTold(t *testing.T) {
	for text, want := range map[string]bool{
		"Server=db;Database=shop": true, "Host=db; Port=1": true, "a=b;c=d": false, "Server=db": false, "server=;x=y": false,
	} {
		if Told(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("Server=tcp:db,1433;Port=x")
	f.Add("jdbc:oracle:thin:@h:1:x,;=://")
	f.Fuzz(func(t *testing.T, text string) {
		if got := Address(text); len(got) > len(text)+16 {
			t.Errorf("%q has become longer: %q", text, got)
		}
	})
}
