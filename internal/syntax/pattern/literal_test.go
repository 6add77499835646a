package pattern

import (
	"fmt"
	"testing"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"SPRING_DATASOURCE_URL", "jdbc:postgresql://localhost:5432/shop", "postgresql localhost 5432"},
		{"SPRING_DATASOURCE_URL", "jdbc:sqlserver://db;databaseName=shop", "sqlserver db 1433"},
		{"SPRING_DATASOURCE_URL", "jdbc:oracle:thin:@localhost:1521:xe", ""},
		{"SPRING_DATASOURCE_URL", "jdbc:oracle:thin:@//db:1521/shop", "oracle db 1521"},
		{"SPRING_DATASOURCE_URL", "jdbc:h2:mem:shop", ""},
		{"SPRING_R2DBC_URL", "r2dbc:pool:mysql://db/shop", "mysql db 3306"},
		{"SPRING_KAFKA_BOOTSTRAPSERVERS", "kafka:9092,other:9092", " kafka 9092"},
		{"SPRING_DATA_REDIS_HOST", "localhost", " localhost 0"},
		{"SPRING_APPLICATION_NAME", "localhost", ""},
		{"SHOP_API", "https://api.github.com/", ""},
		{"SHOP_CORS_ORIGIN", "http://localhost:3000", ""},
		{"SHOP_FRONTEND_URL", "http://localhost:4200", ""},
		{"SHOP_STOCK_URL", "http://stock:8080/", "http stock 8080"},
		{"SHOP_TIME", "12:30", ""},
		{"SHOP_STOCK_URL", "", ""},
	} {
		got := ""
		if n, ok := Address(c.name, c.text); ok {
			got = fmt.Sprintf("%s %s %d", n.Scheme, n.Host, n.Port)
		}
		if got != c.want {
			t.Errorf("%s=%s is %q, not %q", c.name, c.text, got, c.want)
		}
	}
}
