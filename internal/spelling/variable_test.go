package spelling

import "testing"

// TestDistance holds pairs of names as they stand in real projects: what is
// read, and what is supplied beside it.
func TestDistance(t *testing.T) {
	for _, c := range []struct {
		read, supplied string
		near           bool
	}{
		// one thing, spelled otherwise
		{"DATABASE_URL", "DATABSE_URL", true},
		{"DATABASE_URL", "DATABASE_URI", true},
		{"DATABASE_URL", "DB_URL", true},
		{"REDIS_URL", "REDIS_URI", true},
		{"REDIS_ADDR", "REDIS_ADDRESS", true},
		{"REDIS_HOST", "REDIS_HOSTNAME", true},
		{"DB_PASS", "DB_PASSWORD", true},
		{"POSTGRES_PASSWORD", "PG_PASSWORD", true},
		{"MONGO_URL", "MONGODB_URL", true},
		{"MONGO_URL", "MONGODB_URI", false}, // two words of two: more likely two variables
		{"SHOP_MONGO_URL", "SHOP_MONGODB_URI", true},
		{"SESSION_SECRET", "SESSION_SECERT", true},
		{"SESSION_SECRET", "SESSION_KEY", true},
		{"SECRET_SESSION", "SESSION_SECRET", true},
		{"API_BASE_URL", "BASE_API_URL", true},
		{"DATA_BASE_URL", "DATABASE_URL", true},
		{"SHOP_DATABASE_URL", "DATABASE_URL", true},
		{"STRIPE_SECRET", "STRIPE_SECRET_LIVE", true},
		{"ELASTICSEARCH_NODE", "ELATICSEARCH_NODE", true},
		{"GOOGLE_CREDENTIALS", "GOOGLE_CREDENTALS", true},
		{"MAIL_FROM", "EMAIL_FROM", true},
		{"APP_ENVIRONMENT", "APP_ENV", true},
		{"UPLOAD_DIR", "UPLOAD_PATH", true},
		{"KAFKA_BROKERS", "KAFKA_BROKER", true},

		// different things
		{"DB_HOST", "DB_PORT", false},
		{"DB_USER", "DB_NAME", false},
		{"POSTGRES_PASSWORD", "POSTGRES_USER", false},
		{"POSTGRES_DB", "POSTGRES_USER", false},
		{"REDIS_URL", "REDIS_PORT", false},
		{"REDIS_URL", "REDIS_URL_READ", false},
		{"DATABASE_URL", "DATABASE_URL_TEST", false},
		{"DATABASE_URL", "TEST_DATABASE_URL", false},
		{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", false},
		{"S3_ACCESS_KEY", "S3_SECRET_KEY", false},
		{"S3_BUCKET", "S3_REGION", false},
		{"SHARD1_URL", "SHARD2_URL", false},
		{"SHARD_1_URL", "SHARD_2_URL", false},
		{"API_KEY", "API_KEYS", false},
		{"APP_KEY", "APP_KEYS", false},
		{"KEY", "KEYS", false},
		{"PORT", "POST", false},
		{"HOST", "POST", false},
		{"ACCESS_TOKEN_SECRET", "REFRESH_TOKEN_SECRET", false},
		{"PUBLIC_KEY", "PRIVATE_KEY", false},
		{"HTTP_PORT", "GRPC_PORT", false},
		{"HTTP_PORT", "HTTPS_PORT", false},
		{"MIN_CONNECTIONS", "MAX_CONNECTIONS", false},
		{"SMTP_HOST", "IMAP_HOST", false},
		{"USER_SERVICE_URL", "ORDER_SERVICE_URL", false},
		{"CART_SERVICE_ADDR", "CARD_SERVICE_URL", false},
		{"GITHUB_CLIENT_ID", "GITLAB_CLIENT_ID", false},
		{"PRIMARY_DB_URL", "REPLICA_DB_URL", false},
		{"SENTRY_DSN", "DATABASE_DSN", false},
		{"EUR_RATE", "USD_RATE", false},
	} {
		cost, how := Distance(c.read, c.supplied)
		if near := cost > 0; near != c.near {
			t.Errorf("distance(%s, %s) = %d (%s)", c.read, c.supplied, cost, how)
		}
		if back, _ := Distance(c.supplied, c.read); back != cost {
			t.Errorf("distance(%s, %s) = %d one way and %d the other", c.read, c.supplied, cost, back)
		}
	}
}

func TestSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"secret", "secert", 1}, {"secret", "secre", 1}, {"secret", "sekret", 1}, {"secret", "terces", 3}, {"abc", "ca", 3}} {
		if got := slips(c.a, c.b); got != c.want {
			t.Errorf("slips(%q, %q) = %d, not %d", c.a, c.b, got, c.want)
		}
	}
}
