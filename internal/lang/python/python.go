// Package python reads Python.
package python

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
	Name:  "python",
	Files: []string{".py"},
	Texts: []string{
		"os.environ", "import environ", "environs", "getenv", "decouple", "starlette.config", "BaseSettings", "dynaconf", "envvar=", "configurations import",
		"app.run(", "application.run(", "create_app(", "run_app(", "uvicorn", "serve(", "HTTPServer", "TCPServer", "make_server", ".bind(", "_port(", "start_http_server", "bind =",
		"\"http://", "'http://", "\"ws://", "'ws://", "postgres://", "postgresql", "mysql", "redis", "amqp://", "mongodb",
		"psycopg", "asyncpg", "MySQLdb", "MongoClient", "smtplib", "insecure_channel", "ConnectionParameters", "create_connection", "create_pool",
		"dotenv", "read_env",
		".route(", ".get(\"/", ".get('/", ".post(\"/", ".post('/", ".put(\"/", ".put('/", ".patch(\"/", ".patch('/", ".delete(\"/", ".delete('/",
		"path=\"/", "path='/", "api_route(", "add_url_rule(", "web.get(", "add_get(", "admin.site.urls",
		"open(\"", "open('", "open(f\"", "open(f'", "open(os.path.join(", "open(BASE", "open(ROOT", "open(Path(", "\"w\")", "'w')", "\"wb\")", "'wb')", "\"a\")", "'a')", "\"w\",", "'w',",
		".read_text(", ".read_bytes(", ".write_text(", ".write_bytes(", "os.listdir(", "os.scandir(", "os.walk(", "template_folder", "static_folder", "FileSystemLoader", "StaticFiles(", "Jinja2Templates(", "load_cert_chain",
		"makedirs(", "mkdir(", ".touch(", "shutil.", "os.rename(", "os.replace(", ".save(os.path.join(", "UPLOAD_FOLDER", "UPLOADED_", "UPLOAD_DIR", "UPLOAD_PATH", "MEDIA_ROOT", "FileSystemStorage", "sqlite", "TinyDB(", "shelve.open", "dbm.open", "SqliteDatabase", "PersistentClient", "FileHandler(", "NamedTemporaryFile(", "TemporaryDirectory(",
		"subprocess", "os.system(", "os.popen(", "pytesseract", "ocrmypdf", "pdf2image", "pydub", "import ffmpeg", "import whisper", "pdfkit", "imgkit", "graphviz", "import git", "from git", "pypandoc", "pypdftk", "tabula", "pyspark", "language_tool_python", "exiftool", "import sox",
		"LocMemCache", "SESSION_ENGINE", "InMemoryChannelLayer", "SESSION_TYPE", "flask_limiter", "slowapi", "CACHE_TYPE", "SocketIO(", "socketio", "active_connections",
		"add_job(", "scheduled_job", "apscheduler", "schedule.every", "repeat_every", "aiocron", "beat_schedule", "BEAT_SCHEDULE", "beatSchedule", "periodic_task(",
		".delay(", "apply_async(", "send_task(", "task(queue=", "queue=\"", "queue='", "kombu", "DEFAULT_QUEUE", "default_queue", "task_routes", "TASK_ROUTES", "CELERY_ROUTES", "from rq", "import rq", "django_rq", "dramatiq", "basic_publish(", "basic_consume(", "KafkaConsumer", "roducer.send(", "roducer.produce(", "roducer.send_and_wait(",
	},
	Grammar:  func(string) *syntax.Language { return syntax.Python },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`(?i)(getenv\(|env\w*\[|env\w*\.(get|pop)\(|\bconfig\()\s*[A-Za-z_]`),
	Wraps:    wraps,
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"settings": setting,
		"class":    class,
		"value":    value,
		"dynaconf": dynaconf,
		"listed":   listed,
		"option":   option,
	},
}

// New returns the reader of Python.
func New() lang.Follower { return reader }
