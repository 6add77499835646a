package ledger

import (
	"slices"
	"strings"

	"rehearse/internal/spelling"
)

// Ambient reports whether a runtime, an operating system or a platform supplies
// a variable by itself, or its absence is the usual case: that no definition
// supplies it says nothing.
func Ambient(name string) bool {
	_, ok := ambient[name]
	return ok || hasPrefix(name, ambientPrefixes)
}

// ForTests reports whether a variable is one that only tests are given, by its
// name.
func ForTests(name string) bool {
	return slices.ContainsFunc(spelling.Parts(name), func(w string) bool { return w == "TEST" || w == "TESTS" || w == "TESTING" || w == "E2E" })
}

// Consumed reports whether a variable is read by a library, a runtime or the
// program of a public image by its name: that no code here reads it says
// nothing.
func Consumed(name string) bool {
	_, ok := consumed[name]
	return ok || Ambient(name) || hasPrefix(name, consumedPrefixes)
}

func hasPrefix(name string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// ambient variables, by who knows them.
var ambient = set(
	// POSIX, "Other environment variables", and what every shell or libc sets or reads
	"HOME PATH PWD OLDPWD USER LOGNAME SHELL LANG LANGUAGE TERM TZ TMPDIR TEMP TMP EDITOR VISUAL PAGER HOSTNAME DISPLAY COLORTERM COLUMNS LINES SHLVL",
	// no-color.org, force-color.org, bixense.com/clicolors, consoledonottrack.com
	"NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE DO_NOT_TRACK DEBUG VERBOSE",
	// the proxies that libcurl and most HTTP clients follow
	"HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy",
	// pipelines and platforms say what they are (CI documentation of GitHub, GitLab, Travis; Heroku, Vercel, Netlify, Railway, Render, Fly)
	"CI GITHUB_ACTIONS GITLAB_CI TRAVIS CIRCLECI JENKINS_URL BUILDKITE CONTINUOUS_INTEGRATION DYNO VERCEL VERCEL_ENV VERCEL_URL NETLIFY RENDER FLY_APP_NAME FLY_REGION K_SERVICE K_REVISION K_CONFIGURATION FUNCTION_NAME WEBSITE_SITE_NAME",
	// Kubernetes documentation, "Environment variables for Services"
	"KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT KUBERNETES_PORT KUBECONFIG",
	// Node.js, npm and front-end tools
	"NODE_ENV NODE_OPTIONS NODE_PATH NODE_DEBUG NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_APP_INSTANCE NEXT_RUNTIME NEXT_PHASE BROWSER INIT_CWD PUBLIC_URL UV_THREADPOOL_SIZE JEST_WORKER_ID VITEST STORYBOOK ANALYZE BABEL_ENV",
	// Python
	"PYTHONPATH PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONHASHSEED VIRTUAL_ENV DJANGO_SETTINGS_MODULE FLASK_APP FLASK_ENV FLASK_DEBUG WERKZEUG_RUN_MAIN WEB_CONCURRENCY PROMETHEUS_MULTIPROC_DIR",
	// Go
	"GOPATH GOROOT GOMAXPROCS GOMEMLIMIT GODEBUG GOGC GOOS GOARCH GOTRACEBACK GIN_MODE",
	// Ruby, PHP, Java, .NET
	"RAILS_ENV RACK_ENV RAILS_LOG_TO_STDOUT RAILS_SERVE_STATIC_FILES BUNDLE_GEMFILE JAVA_HOME JAVA_OPTS JAVA_TOOL_OPTIONS ASPNETCORE_ENVIRONMENT ASPNETCORE_URLS DOTNET_ENVIRONMENT",
	// Windows and macOS
	"APPDATA LOCALAPPDATA USERPROFILE HOMEDRIVE HOMEPATH SYSTEMROOT PROGRAMFILES COMSPEC USERNAME COMPUTERNAME PATHEXT OS",
)

var ambientPrefixes = []string{
	"npm_", "LC_", "XDG_", "GITHUB_", "RUNNER_", "CI_", "KUBERNETES_", "RAILWAY_", "RENDER_", "HEROKU_", "VERCEL_", "NETLIFY_", "FLY_",
	"NUXT_TELEMETRY", "NEXT_TELEMETRY", "__",
}

// consumed variables, by who reads them.
var consumed = set(
	// libpq ("Environment Variables"), the cloud SDKs, OpenSSL
	"PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSSLMODE GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_PROJECT GCLOUD_PROJECT GCP_PROJECT SSL_CERT_FILE SSL_CERT_DIR",
	// what a framework or a server reads where the code does not
	"PORT HOST APP_ENV LOG_LEVEL LOGLEVEL LOG_FORMAT SECRET_KEY_BASE RAILS_MASTER_KEY",
)

// consumedPrefixes begin the names that a library, or the entry point of a
// public image, reads by itself.
var consumedPrefixes = []string{
	"AWS_", "AZURE_", "OTEL_", "DD_", "NEW_RELIC_", "SENTRY_", "ELASTIC_APM_", "GUNICORN_", "UVICORN_", "COMPOSE_", "DOCKER_",
	"POSTGRES_", "MYSQL_", "MARIADB_", "MONGO_INITDB_", "RABBITMQ_DEFAULT_", "REDIS_ARGS", "UV_", "PIP_", "POETRY_", "YARN_", "PNPM_",
	"BUN_", "DENO_", "JAVA_", "SPRING_", "ASPNETCORE_", "DOTNET_", "PYTHON", "NODE_", "NEXT_PUBLIC_", "VITE_", "REACT_APP_",
}

func set(lists ...string) map[string]struct{} {
	names := map[string]struct{}{}
	for _, list := range lists {
		for _, name := range strings.Fields(list) {
			names[name] = struct{}{}
		}
	}
	return names
}
