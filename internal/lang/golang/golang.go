// Package golang reads Go.
package golang

import (
	_ "embed"
	"regexp"

	"rehearse/internal/lang"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
	//go:embed machine.scm
	machineText string
)

var reader = &pattern.Reader{
	Name:  "go",
	Files: []string{".go"},
	Texts: []string{
		"os.Getenv", "os.LookupEnv", "syscall.Getenv", "BindEnv(", "EnvVars", `env:"`, `envconfig:"`, "envconfig.",
		"ListenAndServe", "http.Server{", "net.Listen(", "tls.Listen(", "gin-gonic/gin\"", "labstack/echo", "gofiber/fiber",
		`"http://`, "localhost", "127.0.0.1", "`http://", "postgres://", "postgresql://", "redis://", "amqp://", "mongodb://",
		"net.Dial(", "net.DialTimeout(", "grpc.NewClient(", "grpc.Dial", "redis.Options", "smtp.SendMail", "memcache.New", "godotenv",
		".HandleFunc(", `.Handle("`, "go-chi/chi",
		"os.Open", "os.ReadFile(", "ioutil.ReadFile(", "os.ReadDir(", "ioutil.ReadDir(", "os.DirFS(", "http.Dir(", "gin.Dir(", "ParseFiles(", "ParseGlob(", "http.ServeFile(", "LoadX509KeyPair", "golang-migrate",
		"os.Create(", "os.CreateTemp(", "ioutil.TempFile(", "os.WriteFile(", "ioutil.WriteFile(", "os.Mkdir", "os.Rename(", "SaveUploadedFile(", "SaveFile(", "sqlite", "libsql", "bolt.Open(", "badger.DefaultOptions", "leveldb.OpenFile", "pebble.Open", "bleve.New", "lumberjack",
		"exec.Command", "go-wkhtmltopdf", "ffmpeg-go", "goffmpeg", "go-ffprobe", "go-exiftool",
		"memstore.", "NewFilesystemStore", "alexedwards/scs", "ulule/limiter", "tollbooth", "NewRateLimiterMemoryStore", "httprate.", "*rate.Limiter", "map[*websocket.Conn]",
		"robfig/cron", "gocron", "time.NewTicker(", "time.Tick(", "asynq", "kafka.ReaderConfig", "kafka.Writer", "nats-io/nats.go",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Go },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`(Getenv|LookupEnv)\(\s*[A-Za-z_]`),
	Wraps:    wraps,
	Own:      map[string]func(*pattern.Reading, *syntax.Match){"flag": flag, "tags": tags, "process": fields},
}

// New returns the reader of Go.
func New() lang.Follower { return reader }
