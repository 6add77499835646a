// Package javascript reads JavaScript and TypeScript.
package javascript

import (
	_ "embed"
	"path"
	"regexp"
	"slices"

	"rehearse/internal/lang"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed untyped.scm
	untypedText string
	//go:embed typescript.scm
	typeScriptText string
	//go:embed needs.scm
	needsText string
	//go:embed machine.scm
	machineText string
	//go:embed jsx.scm
	jsxText string
)

var reader = &pattern.Reader{
	Name:  "javascript",
	Files: []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"},
	Texts: []string{
		"process.env", "process?.env", "import.meta.env", "Bun.", "Deno.", "'process'", "'node:process'", "\"process\"", "\"node:process\"", "$env/",
		"} = process", "ConfigService", "cleanEnv", "createEnv", "validationSchema", "convict(", "env-var",
		".listen(", "bindAsync(", "@hono/node-server", "WebSocketServer", "WebSocket.Server", "startStandaloneServer",
		"'http://", "\"http://", "`http://", "'ws://", "\"ws://", "`ws://", "wss://",
		"postgres://", "postgresql://", "mysql://", "redis://", "amqp://", "mongodb://", "mongodb+srv://",
		"Redis(", "createClient({", "Pool({", "Client({", "createConnection(", "createPool(", "createTransport({", "net.connect(",
		"dotenv", "loadEnvFile",
		".get('/", ".get(\"/", ".route('/", ".route(\"/", "app.post(", "outer.post(", "app.all(",
		"readFile", "createReadStream", "readdir", ".static(", "serveStatic(", ".sendFile(", "'views'", "\"views\"", "nunjucks", "ejs.", "pug.", "require(path.",
		"writeFile", "appendFile", "createWriteStream", "mkdir", "outputFile", "outputJson", "ensureDir", "ensureFile", "copyFile", ".rename",
		"multer", "diskStorage", "FileInterceptor", "FilesInterceptor", "formidable", "uploadDir", ".mv(", "sqlite", "libsql", "lowdb", "nedb", "session-file-store", "transports.File", "DailyRotateFile",
		"child_process", "execa", "cross-spawn", "shelljs", "fluent-ffmpeg", "ffprobe", "'gm'", "\"gm\"", "imagemagick", "im-resize", "wkhtmltopdf", "tesseract-ocr", "node-pandoc", "pdftk", "pdffiller", "pdf-fill-form", "libreoffice-convert", "'graphviz'", "\"graphviz\"", "simple-git", "'rsync'", "\"rsync\"", "pdf-image", "node-qpdf",
		"express-session", "MemoryStore", "koa-generic-session", "koa-session-minimal", "fastify-session", "@fastify/session", "express-rate-limit", "express-slow-down", "RateLimiterMemory", "fastify-rate-limit", "@fastify/rate-limit", "ThrottlerModule", "CacheModule", "'socket.io'", "\"socket.io\"", "new PubSub(",
		"essions = new Map", "essions = new LRU", "okens = new Map", "ooms = new Map", "sers = new Map", "ocks = new Map", "imits = new Map", "ttempts = new Map", "tpStore = new", "okens = new NodeCache", "essions = new NodeCache",
		"node-cron", "node-schedule", "CronJob", "croner", "@nestjs/schedule", "setInterval(",
		"bullmq", "'bull'", "\"bull\"", "bee-queue", "@nestjs/bull", "sendToQueue(", "amqplib", "kafkajs",
	},
	Grammar:  grammar,
	Flow:     syntax.NewQuery(flowText).And(untypedText, syntax.JavaScript).And(typeScriptText, syntax.TypeScript, syntax.TSX),
	Needs:    syntax.NewQuery(needsText+machineText).And(jsxText, syntax.JavaScript, syntax.TSX),
	Indirect: regexp.MustCompile(`(?i)env\??\.?\[\s*[A-Za-z_$]|env\.get\(\s*[A-Za-z_$]|export\s+const\s+\w*env\s*=\s*(process|bun)\.env\b`),
	Own:      map[string]func(*pattern.Reading, *syntax.Match){"schema": schema, "settings": settings, "asked": asked, "listed": listed, "mirror": mirror},
	Keep:     keep,
	Inlined: map[string]bool{
		"NEXT_PUBLIC_": false, // https://nextjs.org/docs/app/guides/environment-variables
		"REACT_APP_":   true,  // https://create-react-app.dev/docs/adding-custom-environment-variables
		"GATSBY_":      true,  // https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables
		"EXPO_PUBLIC_": false, // https://docs.expo.dev/guides/environment-variables
		"VUE_APP_":     true,  // https://cli.vuejs.org/guide/mode-and-env.html
	},
	Bundled: map[string]string{"REACT_APP_": "src"}, // https://create-react-app.dev/docs/folder-structure
	Browser: []string{
		"document.getElementById", "document.querySelector", "document.createElement", "document.addEventListener", "document.body",
		"window.location", "window.addEventListener", "localStorage.", "useState(", "useEffect(", "useReducer(", "'use client'", "\"use client\"",
	},
	Wraps: wraps,
	Tool:  tool,
}

// New returns the reader of JavaScript and TypeScript.
func New() lang.Follower { return reader }

func grammar(name string) *syntax.Language {
	switch path.Ext(name) {
	case ".ts", ".mts", ".cts":
		return syntax.TypeScript
	case ".tsx":
		return syntax.TSX
	}
	return syntax.JavaScript
}

// given are the variables that Vite itself supplies
// (https://vite.dev/guide/env-and-mode#built-in-constants).
var given = []string{"MODE", "BASE_URL", "PROD", "DEV", "SSR"}

var capitals = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// keep leaves out what is read through an environment and is no variable: what
// the bundler supplies, and keys of a configuration that only look like one.
func keep(name string, set map[string]string) bool {
	if set["vite"] != "" && slices.Contains(given, name) {
		return false
	}
	return set["key"] == "" || capitals.MatchString(name)
}

var (
	builder = regexp.MustCompile(`(^|/)(vite|webpack|rollup|esbuild|vue|craco|svelte|astro|tailwind|postcss|babel|metro|tsup)\.config(\.\w+)*\.[cm]?[jt]s$`)
	tester  = regexp.MustCompile(`(^|/)(vitest|jest|playwright|cypress|karma|wdio|eslint|prettier|commitlint|release|stylelint)\.(config|conf|setup)(\.\w+)*\.[cm]?[jt]s$`)
)

func tool(path string) (builds, tests bool) {
	return builder.MatchString(path), tester.MatchString(path)
}
