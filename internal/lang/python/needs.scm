; What code in Python needs. The words are those of package pattern.

; --- variables: https://docs.python.org/3/library/os.html#os.environ
((attribute) @environment
  (#any-of? @environment "os.environ" "_os.environ")
  (#set! need environment))
((import_from_statement module_name: (dotted_name) @_m name: (dotted_name (identifier) @environment @_n))
  (#eq? @_m "os") (#eq? @_n "environ")
  (#set! need environment))
((import_from_statement module_name: (dotted_name) @_m name: (aliased_import name: (dotted_name (identifier) @environment @_n)))
  (#eq? @_m "os") (#eq? @_n "environ")
  (#set! need environment))
((subscript value: [(attribute) (identifier)] @object subscript: (_) @name) @read
  (#match? @object "(?i)env|^e$")
  (#set! need access) (#set! strict true))
((call
  function: (attribute object: [(attribute) (identifier)] @object attribute: (identifier) @_f)
  arguments: (argument_list . (_) @name . (_)? @default)) @read
  (#match? @object "(?i)env|^e$") (#any-of? @_f "get" "pop")
  (#set! need access))
((call
  function: (attribute object: [(attribute) (identifier)] @object attribute: (identifier) @_f)
  arguments: (argument_list . (_) @name . (_) @default)) @read
  (#match? @object "(?i)env|^e$") (#eq? @_f "setdefault")
  (#set! need access))
((comparison_operator . (_) @name operators: "in" . [(attribute) (identifier)] @object .) @read
  (#match? @object "(?i)env|^e$")
  (#set! need access) (#set! test true))
((comparison_operator . (_) @name operators: "not in" . [(attribute) (identifier)] @object .) @read
  (#match? @object "(?i)env|^e$")
  (#set! need access) (#set! test true) (#set! missing true))
((call function: (_) @_f arguments: (argument_list . (_) @name . (_)? @default)) @read
  (#any-of? @_f "os.getenv" "getenv" "_os.getenv")
  (#set! need variable))
((call function: (_) @_f arguments: (argument_list (keyword_argument name: (identifier) @_k value: (string) @name)) @arguments)
  (#any-of? @_f "click.option" "click.argument" "typer.Option" "typer.Argument" "option" "argument" "Option" "Argument") (#eq? @_k "envvar")
  (#set! need option))
; names in a list, of which it is asked which are absent
((list_comprehension (for_in_clause right: (_) @list) (if_clause (_) @_c)) @whole
  (#match? @_c "^not os\\.(getenv|environ\\.get)\\(\\w+\\)$|^\\w+ not in os\\.environ$|^os\\.(getenv|environ\\.get)\\(\\w+\\) (is None|== \"\")$")
  (#set! need listed))
((for_statement right: (_) @list body: (block . (if_statement condition: (_) @_c))) @whole
  (#match? @_c "^not os\\.(getenv|environ\\.get)\\(\\w+\\)$|^\\w+ not in os\\.environ$|^os\\.(getenv|environ\\.get)\\(\\w+\\) is None$")
  (#set! need listed))
((assignment left: (subscript value: (_) @object subscript: (_) @name) right: (_) @value)
  (#match? @object "(?i)env")
  (#set! need write))
((call function: (attribute object: (_) @object attribute: (identifier) @_f) arguments: (argument_list . (_) @name . (_) @value))
  (#match? @object "(?i)environ$") (#eq? @_f "setdefault")
  (#set! need write))

; https://django-environ.readthedocs.io, https://github.com/sloria/environs:
; without a default, both raise
((call function: (identifier) @_f arguments: (argument_list . (string) @name . (_)? @_d)) @read
  (#any-of? @_f "env")
  (#set! need settings) (#set! where "import environ|environs"))
((call function: (attribute object: (identifier) @_o attribute: (identifier) @_f) arguments: (argument_list . (string) @name)) @read
  (#eq? @_o "env") (#match? @_f "^(str|bool|int|float|list|dict|json|url|db|db_url|cache|cache_url|email|email_url|search_url|path|tuple|decimal|datetime|date|uuid|log_level|enum|get_value)$")
  (#set! need settings) (#set! where "import environ|environs"))
; https://github.com/HBNetwork/python-decouple: raises UndefinedValueError
((call function: (identifier) @_f arguments: (argument_list . [(string) (identifier)] @name)) @read
  (#any-of? @_f "config" "decouple_config")
  (#set! need settings) (#set! where "from decouple|starlette.config"))

; https://www.dynaconf.com/configuration/
((call function: (_) @_f arguments: (argument_list)) @call
  (#any-of? @_f "Dynaconf" "dynaconf.Dynaconf")
  (#set! need dynaconf) (#set! where "dynaconf"))
((call function: (_) @_f arguments: (argument_list . (string))) @call
  (#any-of? @_f "Validator" "dynaconf.Validator")
  (#set! need validator) (#set! where "Dynaconf("))
((attribute object: (identifier) @object attribute: (identifier) @name) @read
  (#match? @name "^[A-Z]")
  (#set! need conf) (#set! where "Dynaconf("))
((subscript value: (identifier) @object subscript: (string) @name) @read
  (#set! need conf) (#set! where "Dynaconf("))
((call function: (attribute object: (identifier) @object attribute: (identifier) @_f) arguments: (argument_list . (string) @name . (_)? @default)) @read
  (#eq? @_f "get")
  (#set! need conf) (#set! optional true) (#set! where "Dynaconf("))

; https://django-configurations.readthedocs.io/en/stable/values/
((call function: (attribute object: (identifier) @_o attribute: (identifier) @kind) arguments: (argument_list)) @read
  (#eq? @_o "values") (#match? @kind "Value$")
  (#set! need value) (#set! where "configurations import"))

; --- classes of settings that only a developer or a test chooses: https://flask.palletsprojects.com/en/stable/config/#development-production
((class_definition name: (identifier) @_n superclasses: (argument_list)) @local
  (#match? @_n "^(Dev|Develop|Development|Local|Test|Tests|Testing|CI)(ing|ment)?(Config|Configuration|Settings|Environment|Env)?$")
  (#set! need local))

; --- classes of settings: https://docs.pydantic.dev/latest/concepts/pydantic_settings
((class_definition superclasses: (argument_list) body: (block)) @class
  (#set! need class) (#set! where "BaseSettings"))

; --- servers
; https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run: 127.0.0.1:5000
((call function: (attribute object: (_) @_o attribute: (identifier) @_f) arguments: (argument_list) @options) @listen
  (#match? @_o "(?i)app$|^application$|create_app\\(") (#eq? @_f "run")
  (#set! need listen) (#set! host "127.0.0.1") (#set! port "5000") (#set! where "flask|Flask|quart"))
((call function: (attribute object: (_) @_o attribute: (identifier) @_f) arguments: (argument_list . (string) @host . (_) @port) @options) @listen
  (#match? @_o "(?i)app$|^application$|create_app\\(") (#eq? @_f "run")
  (#set! need listen) (#set! host "127.0.0.1") (#set! port "5000") (#set! where "flask|Flask|quart"))
; https://www.uvicorn.org/settings/#socket-binding: 127.0.0.1:8000
((call function: (_) @_f arguments: (argument_list) @options) @listen
  (#any-of? @_f "uvicorn.run" "uvicorn.Config")
  (#set! need listen) (#set! host "127.0.0.1") (#set! port "8000"))
; https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app: 0.0.0.0:8080
((call function: (_) @_f arguments: (argument_list) @options) @listen
  (#any-of? @_f "web.run_app" "run_app")
  (#set! need listen) (#set! port "8080") (#set! where "aiohttp"))
; https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html: 0.0.0.0:8080
((call function: (_) @_f arguments: (argument_list) @options) @listen
  (#any-of? @_f "waitress.serve" "serve")
  (#set! need listen) (#set! port "8080") (#set! where "waitress"))
((call function: (_) @_f arguments: (argument_list . (tuple . (_) @host . (_) @port .))) @listen
  (#match? @_f "^(\\w+\\.)*(Threading)?(HTTPServer|TCPServer)$")
  (#set! need listen))
((call function: (_) @_f arguments: (argument_list . (_) @host . (_) @port)) @listen
  (#any-of? @_f "make_server" "simple_server.make_server")
  (#set! need listen))
((call function: (attribute attribute: (identifier) @_f) arguments: (argument_list . (tuple . (_) @host . (_) @port .))) @listen
  (#eq? @_f "bind")
  (#set! need listen) (#set! where "import socket"))
((call function: (attribute attribute: (identifier) @_f) arguments: (argument_list . (_) @address)) @listen
  (#any-of? @_f "add_insecure_port" "add_secure_port")
  (#set! need listen))
((call function: (_) @_f arguments: (argument_list . (_) @port .)) @listen
  (#eq? @_f "start_http_server")
  (#set! need listen) (#set! where "prometheus_client"))
; https://docs.gunicorn.org/en/stable/settings.html#bind
((module (expression_statement (assignment left: (identifier) @_n right: (_) @address) @listen))
  (#eq? @_n "bind")
  (#set! need listen) (#set! in gunicorn))

; --- clients that are told a host
((call function: (_) @_f arguments: (argument_list) @options) @call
  (#any-of? @_f "redis.Redis" "redis.StrictRedis" "Redis" "StrictRedis" "redis.asyncio.Redis" "aioredis.Redis")
  (#set! need call) (#set! scheme redis))
((call function: (_) @_f arguments: (argument_list) @options) @call
  (#any-of? @_f "psycopg2.connect" "psycopg.connect" "asyncpg.connect" "asyncpg.create_pool")
  (#set! need call) (#set! scheme postgres))
((call function: (_) @_f arguments: (argument_list) @options) @call
  (#any-of? @_f "pymysql.connect" "MySQLdb.connect" "mysql.connector.connect" "aiomysql.create_pool" "aiomysql.connect")
  (#set! need call) (#set! scheme mysql))
((call function: (_) @_f arguments: (argument_list) @options) @call
  (#any-of? @_f "pika.ConnectionParameters")
  (#set! need call) (#set! scheme amqp))
((call function: (_) @_f arguments: (argument_list . (_) @host . (_) @port)) @call
  (#any-of? @_f "MongoClient" "pymongo.MongoClient")
  (#set! need call) (#set! scheme mongodb))
((call function: (_) @_f arguments: (argument_list . (_) @host . (_) @port)) @call
  (#any-of? @_f "smtplib.SMTP")
  (#set! need call) (#set! scheme smtp))
((call function: (_) @_f arguments: (argument_list . (_) @address)) @call
  (#any-of? @_f "grpc.insecure_channel" "grpc.aio.insecure_channel")
  (#set! need call) (#set! scheme grpc))
((call function: (_) @_f arguments: (argument_list . (tuple . (_) @host . (_) @port .))) @call
  (#any-of? @_f "socket.create_connection")
  (#set! need call) (#set! scheme tcp))

; --- addresses in texts
((string) @url
  (#match? @url "^[a-zA-Z]?(\"\"\"|'''|\"|')[a-z][a-z0-9+]*://")
  (#set! need url))
((binary_operator left: (string) @_t operator: ["+" "%"]) @url
  (#match? @_t "^[a-zA-Z]?(\"|')[a-z][a-z0-9+]*://")
  (#set! need url))
((call function: (attribute object: (string) @_t attribute: (identifier) @_f)) @url
  (#eq? @_f "format") (#match? @_t "^[a-zA-Z]?(\"|')[a-z][a-z0-9+]*://")
  (#set! need url))
((call function: (_) @_f) @client
  (#match? @_f "^((requests|httpx|session|client|http|aiohttp|urllib3?|self\\.(session|client|http))(\\.\\w+)*|urlopen|(\\w+\\.)*(create_engine|create_async_engine|connect|from_url|create_pool|MongoClient|Celery|AsyncIOMotorClient))$")
  (#set! need client))
((call function: (_) @_f) @quiet
  (#match? @_f "^(print|pprint|(\\w+\\.)*log(ger|ging)?\\.\\w+|click\\.echo|typer\\.echo|\\w*(Error|Exception|Warning)|re\\.\\w+|warnings\\.warn|help_text|urlparse|urllib\\.parse\\.\\w+|path|url|patch|mock\\.patch|redirect|RedirectResponse|Namespace)$")
  (#set! need quiet))
((call function: (attribute attribute: (identifier) @_f)) @quiet
  (#match? @_f "^(startswith|endswith|replace|split|strip|lstrip|find|assertEqual|add_argument|info|debug|warning|error|exception|critical|assert_called\\w*)$")
  (#set! need quiet))
((call function: (_) @_f) @quiet
  (#match? @_f "(?i)origin|cors|trusted")
  (#set! need quiet))
((keyword_argument name: (_) @_k) @quiet
  (#match? @_k "(?i)origin|cors|referer|whitelist|allow|trusted|schema|xmlns|namespace|docs?_|description|help|homepage|example|servers|callback|redirect|license|contact|terms|^url$|author")
  (#set! need quiet))
((pair key: (_) @_k) @quiet
  (#match? @_k "(?i)origin|cors|referer|whitelist|allow|trusted|schema|xmlns|namespace|docs?\\W|description|help|homepage|example|servers|callback|redirect|license|author")
  (#set! need quiet))
((assignment left: (_) @_k) @quiet
  (#match? @_k "(?i)origin|cors|whitelist|allowed|trusted|schema$|xmlns|namespace|_ns$|docs?(_url)?$|description|help|example|homepage|__\\w+__|license")
  (#set! need quiet))
((comparison_operator (_) (string) @quiet) (#set! need quiet))
((raise_statement) @quiet (#set! need quiet))
((block . (expression_statement (string) @quiet)) (#set! need quiet))
((module . (expression_statement (string) @quiet)) (#set! need quiet))

; --- .env files: https://github.com/theskumar/python-dotenv,
; https://django-environ.readthedocs.io
((call function: (_) @_f arguments: (argument_list) @files) @load
  (#any-of? @_f "load_dotenv" "dotenv.load_dotenv" "dotenv_values" "dotenv.dotenv_values")
  (#set! need dotenv))
((call function: (_) @_f arguments: (argument_list) @files) @load
  (#any-of? @_f "environ.Env.read_env" "env.read_env" "Env.read_env")
  (#set! need dotenv))

; --- paths
; https://flask.palletsprojects.com/en/stable/api/#flask.Flask.route: GET
((decorator (call
  function: (attribute object: (_) @router attribute: (identifier) @_f)
  arguments: (argument_list . (string) @path) @options)) @serve
  (#eq? @_f "route")
  (#set! need path) (#set! method GET))
; https://fastapi.tiangolo.com, flask 2, aiohttp, sanic
((decorator (call
  function: (attribute object: (_) @router attribute: (identifier) @method)
  arguments: (argument_list . (string) @path))) @serve
  (#any-of? @method "get" "head" "post" "put" "patch" "delete" "options")
  (#set! need path) (#set! fits "@.*\\.(?:get|head|post|put|patch|delete|options)\\s*\\("))
((decorator (call
  function: (attribute object: (_) @router attribute: (identifier) @method)
  arguments: (argument_list (keyword_argument name: (_) @_k value: (string) @path)))) @serve
  (#any-of? @method "get" "head" "post" "put" "patch" "delete" "options") (#eq? @_k "path")
  (#set! need path) (#set! fits "@.*\\.(?:get|head|post|put|patch|delete|options)\\s*\\("))
((decorator (call
  function: (attribute object: (_) @router attribute: (identifier) @_f)
  arguments: (argument_list . (string) @path) @options)) @serve
  (#eq? @_f "api_route")
  (#set! need path))
((call function: (attribute object: (_) @router attribute: (identifier) @_f) arguments: (argument_list . (string) @path) @options) @serve
  (#eq? @_f "add_url_rule")
  (#set! need path) (#set! method GET))
((call function: (_) @_f arguments: (argument_list . (string) @path . (_))) @serve
  (#any-of? @_f "web.get" "app.router.add_get")
  (#set! need path) (#set! method GET))
; https://docs.djangoproject.com/en/stable/ref/urls/#path: without the first slash
((assignment left: (identifier) @_n right: (list (call function: (identifier) @_f arguments: (argument_list . (string) @path . (_) @_v)) @serve))
  (#eq? @_n "urlpatterns") (#eq? @_f "path") (#not-match? @_v "^include")
  (#set! need path) (#set! relative true) (#set! where "ROOT_URLCONF|admin.site.urls"))
; a blueprint or a router; its prefix, and that under which it is mounted
((call function: (identifier) @_f arguments: (argument_list)) @group
  (#any-of? @_f "APIRouter" "Blueprint")
  (#set! need router))
((call function: (identifier) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @prefix))) @group
  (#any-of? @_f "APIRouter" "Blueprint") (#any-of? @_k "prefix" "url_prefix")
  (#set! need group))
((call function: (attribute attribute: (identifier) @_f) arguments: (argument_list . (_) @router (keyword_argument name: (_) @_k value: (_) @prefix)))
  (#any-of? @_f "include_router" "register_blueprint") (#any-of? @_k "prefix" "url_prefix")
  (#set! need mount))
((call function: (attribute attribute: (identifier) @_f) arguments: (argument_list . (_) @router .))
  (#any-of? @_f "include_router" "register_blueprint")
  (#set! need mount))
