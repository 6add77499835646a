package ledger

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
)

// NearMiss is a variable that reaches a run under a name that nothing reads,
// beside one of nearly that name that is read and does not reach it.
type NearMiss struct {
	Read     string
	Supplied fact.Supply
	How      string // "a typo", "another order of the words", …
}

// NearMisses returns, for a run of component c, the pairs of a variable that
// the code reads and that nothing supplies, and one that is supplied and not
// read. A pair is told only where each is the other's one best match.
func NearMisses(c *Component, r *Run) []NearMiss {
	variables := c.Variables()
	var missing []string
	for name, reads := range variables {
		if !slices.ContainsFunc(reads, func(n fact.Need) bool { return !c.Tool(n.At.File) }) {
			continue
		}
		if _, _, state := r.Variable(name); state == Absent && r.Reads(c, name) {
			missing = append(missing, name)
		}
	}
	ownDefault := r.imageDefaults()
	for name := range ownDefault {
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	var spare []fact.Supply
	for _, s := range r.Explicit() {
		if _, read := variables[s.Name]; !read && !ownDefault[s.Name] && !Consumed(s.Name) && !nested(s.Name, variables) {
			spare = append(spare, s)
		}
	}

	best := map[string][]NearMiss{}
	rivals := map[string]int{} // how often a spare one is somebody's best
	for _, name := range missing {
		least := 0
		for _, s := range spare {
			cost, how := distance(name, s.Name)
			if cost == 0 || cost > tolerance(variables[name]) || least > 0 && cost > least || ownDefault[name] && cost > 1 {
				continue
			}
			if cost < least {
				best[name] = nil
			}
			least = cost
			best[name] = append(best[name], NearMiss{name, s, how})
		}
		if len(best[name]) == 1 {
			rivals[best[name][0].Supplied.Name]++
		}
	}
	var pairs []NearMiss
	for _, name := range missing {
		if len(best[name]) == 1 && rivals[best[name][0].Supplied.Name] == 1 {
			pairs = append(pairs, best[name][0])
		}
	}
	return pairs
}

// imageDefaults returns the variables that the image of the run gives a value of
// its own and that the definition does not: what it says of them under another
// name never arrives. Names that libraries know may be meant for these.
func (r *Run) imageDefaults() map[string]bool {
	names := map[string]bool{}
	for _, l := range r.layers {
		for _, s := range l.supplies {
			if s.Kind != fact.Variable || s.Phase != fact.Run {
				continue
			}
			if l.image && !Consumed(s.Name) && len(words(s.Name)) > 1 {
				names[s.Name] = true
			} else {
				delete(names, s.Name)
			}
		}
	}
	return names
}

// Relabelled returns, of a run, the pairs of a variable that the workload alone
// is given and that nothing reads, and the one variable of the code that ends in
// the same telling word: MEDIA_ADAPTER where the code reads STORAGE_ADAPTER. It
// is a weak sign, told of what the workload says itself and in plain words.
func Relabelled(c *Component, r *Run) []NearMiss {
	variables := c.Variables()
	explicit := r.Explicit()
	var pairs []NearMiss
	for _, s := range r.Own() {
		own := words(s.Name)
		if _, read := variables[s.Name]; read || len(own) < 2 || Consumed(s.Name) || nested(s.Name, variables) || !r.plain(s) {
			continue
		}
		last := own[len(own)-1]
		if len(last) < 5 || slices.Contains(parts, last) || slices.Contains(options, last) || slices.Contains(endings, last) {
			continue
		}
		var same []string
		for name := range variables {
			if theirs := words(name); len(theirs) == len(own) && theirs[len(theirs)-1] == last {
				same = append(same, name)
			}
		}
		rivals := 0
		for _, o := range explicit {
			if theirs := words(o.Name); theirs[len(theirs)-1] == last && o.Name != s.Name && !slices.Contains(same, o.Name) {
				rivals++
			}
		}
		if len(same) != 1 || rivals > 0 || slices.ContainsFunc(r.Own(), func(o fact.Supply) bool { return o.Name == same[0] }) {
			continue
		}
		pairs = append(pairs, NearMiss{same[0], s, "the one variable that ends so"})
	}
	return pairs
}

// endings are last words that many unrelated variables have.
var endings = []string{
	"NAME", "MODE", "TYPE", "ENVIRONMENT", "DOMAIN", "THREADS", "WORKERS", "CONCURRENCY", "MEMORY", "EMAIL", "ADDRESS", "NUMBER", "OPTIONS", "CONFIG",
	"PROJECT", "NAMESPACE", "SERVICE", "SERVICES", "SERVERS", "HOSTS", "ORIGIN", "ORIGINS", "PERIOD", "DURATION", "DELAY", "RETRIES", "ATTEMPTS", "VALUE",
	"FLAGS", "FEATURE", "FEATURES", "LOGGING", "METRICS", "TRACING", "ENDPOINT", "USERNAME", "DATABASE", "COLLECTION", "INDEX", "LABEL", "COLOR", "STRING",
	"KEYS", "USERS", "FILES", "PATHS", "CACHE", "EXPIRY", "RATIO", "FACTOR", "LENGTH", "HEIGHT", "WIDTH", "THRESHOLD", "MESSAGE", "TITLE", "FOLDER", "DIRECTORY",
}

// nested reports whether a variable is a part of one that is read: a library of
// settings reads SECURITY__SECRET for the part SECRET of SECURITY
// (pydantic-settings, env_nested_delimiter; .NET configuration providers).
func nested(name string, read map[string][]fact.Need) bool {
	whole, _, found := strings.Cut(name, "__")
	_, reads := read[whole]
	return found && reads
}

// Renamed reports whether the variable is the read half of a near miss: what is
// to be said of it is said of the pair.
func Renamed(c *Component, r *Run, name string) bool {
	return slices.ContainsFunc(NearMisses(c, r), func(m NearMiss) bool { return m.Read == name })
}

// tolerance returns how far the supplied name may be from the read one. A read
// that works without a value may well mean another variable.
func tolerance(reads []fact.Need) int {
	for _, n := range reads {
		if n.Necessity == fact.Required {
			return 3
		}
	}
	return 2
}

// distance returns how far apart two names of variables are, from 1 on; 0 says
// that nothing suggests that they mean the same.
func distance(a, b string) (cost int, how string) {
	if i, j := strings.LastIndex(a, "__"), strings.LastIndex(b, "__"); i > 0 && j > 0 && strings.EqualFold(a[:i], b[:j]) && spelling.Lacks(a[i+2:], b[j+2:]) {
		return 3, "a word of the setting that one side lacks"
	}
	x, y := words(a), words(b)
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
	if slices.Equal(long[1:], short) && !slices.Contains(parts, long[0]) {
		return 3, "a prefix that one side lacks"
	}
	if slices.Equal(long[:len(short)], short) && !slices.Contains(parts, long[len(short)]) {
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
		if len(short) < 2 || len(long) != len(short)+1 || !strings.HasPrefix(long, short) && !strings.HasSuffix(long, short) && (len(short) < 4 || editDistance(long, short) > 1) || digits(long) != digits(short) ||
			slices.Contains(parts, long) && slices.Contains(parts, short) {
			return "", "", false
		}
	}
	return long, short, ok
}

func words(name string) []string {
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

// parts are words that tell different parts of one thing: DB_HOST is no
// misspelt DB_PORT, and REDIS_URL_READ not REDIS_URL.
var parts = []string{
	"HOST", "PORT", "USER", "PASS", "PASSWORD", "NAME", "KEY", "ID", "URL", "URI", "PATH", "DIR", "FILE", "TOKEN", "SECRET",
	"READ", "WRITE", "READER", "WRITER", "PRIMARY", "REPLICA", "MASTER", "SLAVE", "TEST", "DEV", "PROD", "STAGING", "LOCAL",
	"PUBLIC", "PRIVATE", "INTERNAL", "EXTERNAL", "MIN", "MAX", "START", "END", "FROM", "TO", "IN", "OUT", "A", "B",
	"ACCESS", "REFRESH", "SSL", "TLS", "CA", "CERT", "ENABLED", "DISABLED", "ENABLE", "DISABLE", "COUNT", "SIZE", "LIMIT",
	"TIMEOUT", "TTL", "INTERVAL", "SCHEMA", "TABLE", "REGION", "BUCKET", "QUEUE", "TOPIC", "CLIENT", "SERVER", "VERSION",
	"NOT", "NO", "OLD", "NEW", "ROOT", "ADMIN", "GET", "SET", "PUT", "HTTP", "HTTPS", "GRPC", "TCP", "UDP", "API", "WEB",
}

// typo reports whether one word is the other with one letter wrong, missing,
// too much, or two neighbours swapped; in words of eight letters and more two
// of these. Short words are too often one letter from another: HOST, POST, PORT.
func typo(a, b string) bool {
	if len(a) < 5 || len(b) < 5 || slices.Contains(parts, a) && slices.Contains(parts, b) {
		return false
	}
	if digits(a) != digits(b) {
		return false // SHARD1 and SHARD2 are two things
	}
	allowed := 1
	if len(a) >= 8 && len(b) >= 8 {
		allowed = 2
	}
	return editDistance(a, b) <= allowed
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// editDistance is the optimal string alignment distance: insertions,
// deletions, substitutions and swaps of neighbours (Damerau, "A technique for
// computer detection and correction of spelling errors", CACM 7(3), 1964).
func editDistance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
