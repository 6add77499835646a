package spelling

import (
	"slices"
	"strings"
)

// Distance returns how far apart two names of variables are, from 1 on; 0 says
// that nothing suggests that they mean the same.
func Distance(a, b string) (cost int, how string) {
	if i, j := strings.LastIndex(a, "__"), strings.LastIndex(b, "__"); i > 0 && j > 0 && strings.EqualFold(a[:i], b[:j]) && Lacks(a[i+2:], b[j+2:]) {
		return 3, "a word of the setting that one side lacks"
	}
	x, y := Parts(a), Parts(b)
	if strings.Join(x, "") == strings.Join(y, "") {
		return 1, "the same letters, divided otherwise"
	}
	if len(x) == len(y) {
		sortedX, sortedY := slices.Clone(x), slices.Clone(y)
		slices.Sort(sortedX)
		slices.Sort(sortedY)
		if slices.Equal(sortedX, sortedY) {
			return 1, "the same words in another order"
		}
	}
	if len(x) == len(y) {
		differ, synonyms, typos := 0, 0, 0
		for i := range x {
			switch {
			case x[i] == y[i]:
			case synonymous(x[i], y[i]):
				differ++
				synonyms++
			case typo(x[i], y[i]):
				differ++
				typos++
			default:
				if w, v, ok := lostLetter(x, y); ok {
					return 2, "a letter that " + w + " has and " + v + " has not"
				}
				return 0, ""
			}
		}
		if differ == 1 && typos == 1 {
			return 1, "a typo"
		}
		if differ == 1 && synonyms == 1 && len(x) > 1 {
			return 2, "another word for the same"
		}
		if differ == 2 && typos == 0 && len(x) > 2 {
			return 3, "other words for the same"
		}
		return 0, ""
	}
	// One word more, at either end: a prefix or a suffix that one side lost.
	long, short := x, y
	if len(long) < len(short) {
		long, short = short, long
	}
	if len(short) < 2 || len(long) != len(short)+1 {
		return 0, ""
	}
	if slices.Equal(long[1:], short) && !slices.Contains(telling, long[0]) {
		return 3, "a prefix that one side lacks"
	}
	if slices.Equal(long[:len(short)], short) && !slices.Contains(telling, long[len(short)]) {
		return 3, "a suffix that one side lacks"
	}
	return 0, ""
}

// lostLetter reports whether two names of three words or more are the same but
// for one letter that one word has and the other has not: IMG_LENGTH_LIMIT and
// MG_LENGTH_LIMIT, or within a word of four letters. It returns the two words,
// the longer first.
func lostLetter(x, y []string) (long, short string, ok bool) {
	if len(x) < 3 {
		return "", "", false
	}
	for i := range x {
		if x[i] == y[i] {
			continue
		}
		if ok {
			return "", "", false
		}
		long, short, ok = x[i], y[i], true
		if len(long) < len(short) {
			long, short = short, long
		}
		if len(short) < 2 || len(long) != len(short)+1 || !strings.HasPrefix(long, short) && !strings.HasSuffix(long, short) && (len(short) < 4 || slips(long, short) > 1) || digits(long) != digits(short) ||
			slices.Contains(telling, long) && slices.Contains(telling, short) {
			return "", "", false
		}
	}
	return long, short, ok
}

// Parts returns the words of the name of a variable, in capitals, as lines, dashes
// and dots part them.
func Parts(name string) []string {
	return strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' })
}

// synonyms are words that different teams use for the same part of a
// connection's address, or of a credential.
var synonyms = [][]string{
	{"URL", "URI", "DSN", "CONNECTION", "CONN"},
	{"URL", "URI", "DSN", "ADDR", "ADDRESS", "ENDPOINT", "SERVER"},
	{"HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER"},
	{"PASS", "PASSWORD", "PASSWD", "PWD", "PW"},
	{"USER", "USERNAME"},
	{"DB", "DATABASE", "DBNAME"},
	{"DBPASS", "DBPASSWORD", "DBPASSWD", "DBPWD"},
	{"DBUSER", "DBUSERNAME"},
	{"DBURL", "DBURI"},
	{"PG", "POSTGRES", "POSTGRESQL"},
	{"MONGO", "MONGODB"},
	{"ENV", "ENVIRONMENT"},
	{"DIR", "DIRECTORY", "FOLDER", "PATH"},
	{"SECRET", "KEY"},
	{"REGION", "ZONE"},
	{"TIMEOUT", "TTL", "EXPIRY", "EXPIRES"},
	{"MAIL", "EMAIL", "SMTP"},
	{"APP", "APPLICATION"},
	{"AUTH", "AUTHENTICATION"},
}

func synonymous(a, b string) bool {
	for _, group := range synonyms {
		if slices.Contains(group, a) && slices.Contains(group, b) {
			return true
		}
	}
	return false
}

// telling are words that tell different parts of one thing: DB_HOST is no
// misspelt DB_PORT, and REDIS_URL_READ not REDIS_URL.
var telling = []string{
	"HOST", "PORT", "USER", "PASS", "PASSWORD", "NAME", "KEY", "ID", "URL", "URI", "PATH", "DIR", "FILE", "TOKEN", "SECRET",
	"READ", "WRITE", "READER", "WRITER", "PRIMARY", "REPLICA", "MASTER", "SLAVE", "TEST", "DEV", "PROD", "STAGING", "LOCAL",
	"PUBLIC", "PRIVATE", "INTERNAL", "EXTERNAL", "MIN", "MAX", "START", "END", "FROM", "TO", "IN", "OUT", "A", "B",
	"ACCESS", "REFRESH", "SSL", "TLS", "CA", "CERT", "ENABLED", "DISABLED", "ENABLE", "DISABLE", "COUNT", "SIZE", "LIMIT",
	"TIMEOUT", "TTL", "INTERVAL", "SCHEMA", "TABLE", "REGION", "BUCKET", "QUEUE", "TOPIC", "CLIENT", "SERVER", "VERSION",
	"NOT", "NO", "OLD", "NEW", "ROOT", "ADMIN", "GET", "SET", "PUT", "HTTP", "HTTPS", "GRPC", "TCP", "UDP", "API", "WEB",
}

// Tells reports whether a word of a name tells one part of a thing from another.
func Tells(word string) bool { return slices.Contains(telling, word) }

// typo reports whether one word is the other with one letter wrong, missing,
// too much, or two neighbours swapped; in words of eight letters and more two
// of these. Short words are too often one letter from another: HOST, POST, PORT.
func typo(a, b string) bool {
	if len(a) < 5 || len(b) < 5 || slices.Contains(telling, a) && slices.Contains(telling, b) {
		return false
	}
	if digits(a) != digits(b) {
		return false // SHARD1 and SHARD2 are two things
	}
	allowed := 1
	if len(a) >= 8 && len(b) >= 8 {
		allowed = 2
	}
	return slips(a, b) <= allowed
}
