; What code in Python needs of the machine that it runs on: files, programs,
; memory, the clock, queues. The words are those of package pattern.

; --- paths: https://docs.python.org/3/library/os.path.html, https://docs.python.org/3/library/pathlib.html
((identifier) @folder (#eq? @folder "__file__") (#set! need folder) (#set! of file))
((call function: (_) @_f) @folder
  (#any-of? @_f "os.getcwd" "Path.cwd" "pathlib.Path.cwd")
  (#set! need folder) (#set! of working))
((attribute) @folder (#eq? @folder "settings.BASE_DIR") (#set! need folder) (#set! of working))
((call function: (_) @_f) @folder
  (#any-of? @_f "tempfile.gettempdir" "tempfile.mkdtemp" "gettempdir" "mkdtemp" "tempfile.NamedTemporaryFile" "tempfile.TemporaryDirectory" "NamedTemporaryFile" "TemporaryDirectory")
  (#set! need folder) (#set! of temporary))
((call function: (_) @_f arguments: (argument_list . (_) @of)) @parent
  (#any-of? @_f "os.path.dirname" "dirname" "path.dirname")
  (#set! need parent))
((attribute object: (_) @of attribute: (identifier) @_a) @parent
  (#eq? @_a "parent")
  (#set! need parent))
((subscript value: (attribute object: (_) @of attribute: (identifier) @_a) subscript: (integer) @up) @parent
  (#eq? @_a "parents")
  (#set! need parent))
((call function: (_) @_f arguments: (argument_list . (_) @of)) @same
  (#any-of? @_f "os.path.abspath" "os.path.realpath" "os.path.normpath" "abspath" "realpath" "path.abspath" "path.realpath" "str" "os.fspath")
  (#set! need same))
((call function: (attribute object: (_) @of attribute: (identifier) @_a) arguments: (argument_list)) @same
  (#any-of? @_a "resolve" "absolute" "as_posix")
  (#set! need same))
((call function: (_) @_f arguments: (argument_list) @parts) @join
  (#any-of? @_f "os.path.join" "path.join" "osp.join" "Path" "pathlib.Path" "PurePath")
  (#set! need join) (#set! absolute true))
((call function: (attribute object: (_) @base attribute: (identifier) @_a) arguments: (argument_list . (_) @part)) @join
  (#eq? @_a "joinpath")
  (#set! need join) (#set! absolute true))
((binary_operator left: (_) @base operator: "/" right: (_) @part) @join
  (#set! need join) (#set! absolute true) (#set! where "pathlib|BASE_DIR|ROOT"))

; --- files that are read: https://docs.python.org/3/library/functions.html#open
((call function: (_) @_f arguments: (argument_list . (_) @path .)) @reading
  (#any-of? @_f "open" "io.open" "codecs.open" "aiofiles.open")
  (#set! need reading))
((call function: (_) @_f arguments: (argument_list . (_) @path . [(string) (keyword_argument)] @_m)) @reading
  (#any-of? @_f "open" "io.open" "codecs.open" "aiofiles.open") (#match? @_m "^(mode *= *)?['\"](r|rb|rt)['\"]$|^(encoding|errors|newline)")
  (#set! need reading))
((call function: (attribute object: (_) @path attribute: (identifier) @_a)) @reading
  (#any-of? @_a "read_text" "read_bytes")
  (#set! need reading))
((call function: (_) @_f arguments: (argument_list . (_) @path)) @reading
  (#any-of? @_f "os.listdir" "os.scandir" "os.walk")
  (#set! need reading))
; templates and static files
((call function: (_) @_f arguments: (argument_list) @options) @reading
  (#any-of? @_f "Flask" "Quart" "Blueprint")
  (#set! need reading) (#set! key "template_folder"))
((call function: (_) @_f arguments: (argument_list) @options) @reading
  (#any-of? @_f "Flask" "Quart")
  (#set! need reading) (#set! key "static_folder"))
((call function: (_) @_f arguments: (argument_list . [(string) (call) (identifier) (binary_operator)] @path)) @reading
  (#match? @_f "(^|\\.)FileSystemLoader$")
  (#set! need reading))
((call function: (_) @_f arguments: (argument_list) @options) @reading
  (#any-of? @_f "StaticFiles" "Jinja2Templates")
  (#set! need reading) (#set! key directory))
((call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @path))) @reading
  (#match? @_f "load_cert_chain$|^uvicorn\\.run$") (#any-of? @_k "certfile" "keyfile" "ssl_certfile" "ssl_keyfile")
  (#set! need reading))

; --- files that are written
((call function: (_) @_f arguments: (argument_list . (_) @path . [(string) (keyword_argument)] @_m)) @writing
  (#any-of? @_f "open" "io.open" "codecs.open" "aiofiles.open") (#match? @_m "^(mode *= *)?['\"][wax]")
  (#set! need writing))
((call function: (attribute object: (_) @path attribute: (identifier) @_a)) @writing
  (#any-of? @_a "write_text" "write_bytes" "mkdir" "touch")
  (#set! need writing) (#set! where "pathlib|BASE_DIR"))
((call function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_f "os.makedirs" "os.mkdir" "makedirs")
  (#set! need writing))
((call function: (_) @_f arguments: (argument_list . (_) . (_) @path)) @writing
  (#any-of? @_f "shutil.copy" "shutil.copy2" "shutil.copyfile" "shutil.copytree" "shutil.move" "os.rename" "os.replace")
  (#set! need writing))
; https://flask.palletsprojects.com/en/stable/patterns/fileuploads/
((call function: (attribute object: (_) @_o attribute: (identifier) @_a) arguments: (argument_list . (call) @path .)) @writing
  (#eq? @_a "save") (#match? @_o "(?i)file|upload|image|photo|picture|avatar")
  (#set! need writing) (#set! sort upload) (#set! where "flask|werkzeug|quart"))
([(assignment left: (_) @_l right: (_) @path)] @writing
  (#match? @_l "^(app\\.)?(config\\[['\"])?(UPLOAD_FOLDER|UPLOADED_\\w+_DEST|UPLOAD_DIR|UPLOAD_PATH)(['\"]\\])?$")
  (#set! need writing) (#set! sort upload))
; https://docs.djangoproject.com/en/stable/ref/settings/#media-root
((assignment left: (identifier) @_l right: (_) @path) @writing
  (#eq? @_l "MEDIA_ROOT")
  (#set! need writing) (#set! sort upload) (#set! library django) (#set! lacks "storages.backends|STORAGES[|DEFAULT_FILE_STORAGE"))
((call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @path))) @writing
  (#eq? @_f "FileSystemStorage") (#eq? @_k "location")
  (#set! need writing) (#set! sort upload) (#set! library django))
; https://docs.djangoproject.com/en/stable/ref/databases/#sqlite-notes
((dictionary (pair key: (_) @_e value: (_) @_v) (pair key: (_) @_n value: (_) @path)) @writing
  (#match? @_e "^['\"]ENGINE['\"]$") (#match? @_v "django\\.db\\.backends\\.sqlite3|spatialite") (#match? @_n "^['\"]NAME['\"]$")
  (#set! need writing) (#set! sort database) (#set! library sqlite)
  (#set! lacks "dj_database_url|DATABASE_URL|env.db(|.postgresql|.mysql|psycopg"))
; https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings
((string) @path @writing
  (#match? @path "^[fFrR]?['\"]sqlite(\\+\\w+)?:///?")
  (#set! need writing) (#set! scheme sqlite) (#set! sort database) (#set! library sqlite)
  (#set! lacks "postgresql://|postgresql+|postgres://|mysql://|mysql+|DevelopmentConfig|TestingConfig|TestConfig|DevConfig"))
((binary_operator left: (string) @_t operator: "+") @path @writing
  (#match? @_t "^['\"]sqlite(\\+\\w+)?:///?")
  (#set! need writing) (#set! scheme sqlite) (#set! sort database) (#set! library sqlite)
  (#set! lacks "postgresql://|postgresql+|postgres://|mysql://|mysql+|DevelopmentConfig|TestingConfig|TestConfig|DevConfig"))
((call function: (attribute object: (string) @_t attribute: (identifier) @_f)) @path @writing
  (#eq? @_f "format") (#match? @_t "^['\"]sqlite(\\+\\w+)?:///?")
  (#set! need writing) (#set! scheme sqlite) (#set! sort database) (#set! library sqlite)
  (#set! lacks "postgresql://|postgresql+|postgres://|mysql://|mysql+|DevelopmentConfig|TestingConfig|TestConfig|DevConfig"))
((call function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_f "sqlite3.connect" "aiosqlite.connect" "TinyDB" "shelve.open" "dbm.open" "SqliteDatabase")
  (#set! need writing) (#set! sort database) (#set! library sqlite))
; https://docs.trychroma.com/docs/run-chroma/persistent-client
((call function: (_) @_f arguments: (argument_list) @options) @writing
  (#match? @_f "(^|\\.)PersistentClient$")
  (#set! need writing) (#set! key path) (#set! sort database) (#set! library chromadb))
((call function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#match? @_f "(^|\\.)(FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler)$")
  (#set! need writing) (#set! sort log))

; https://docs.python.org/3/library/tempfile.html, where no folder is named
((call function: (_) @_f arguments: (argument_list) @options) @writing @path
  (#any-of? @_f "tempfile.NamedTemporaryFile" "tempfile.TemporaryDirectory" "tempfile.mkdtemp" "NamedTemporaryFile" "TemporaryDirectory")
  (#set! need writing) (#set! without dir))

; --- programs: https://docs.python.org/3/library/subprocess.html
((call function: (_) @_f arguments: (argument_list . [(list . (_) @name) (identifier) @name])) @program
  (#match? @_f "^(subprocess|sp)\\.(run|call|check_call|check_output|Popen)$|^(check_call|check_output|Popen)$")
  (#set! need program) (#set! where "subprocess"))
((call function: (_) @_f arguments: (argument_list . [(string) (binary_operator) (call)] @command)) @program
  (#match? @_f "^(subprocess|sp)\\.(run|call|check_call|check_output|Popen|getoutput|getstatusoutput)$|^(check_call|check_output|Popen)$|^os\\.(system|popen)$|^asyncio\\.create_subprocess_shell$")
  (#set! need program))
((call function: (_) @_f arguments: (argument_list . (call function: (_) @_s arguments: (argument_list . (_) @command)))) @program
  (#match? @_f "^(subprocess|sp)\\.(run|call|check_call|check_output|Popen)$") (#any-of? @_s "shlex.split" "split")
  (#set! need program))
((call function: (_) @_f arguments: (argument_list . (_) @name)) @program
  (#any-of? @_f "asyncio.create_subprocess_exec" "create_subprocess_exec")
  (#set! need program))
((import_statement name: (dotted_name . (identifier) @wrapper .)) (#set! need wrapper))
((import_statement name: (aliased_import name: (dotted_name . (identifier) @wrapper .))) (#set! need wrapper))
((import_from_statement module_name: (dotted_name . (identifier) @wrapper)) (#set! need wrapper))

; --- memory
; https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching: each
; process has its own
((pair key: (_) @_k value: (string) @_v) @state
  (#match? @_k "BACKEND") (#match? @_v "LocMemCache")
  (#set! need state) (#set! sort cache) (#set! name LocMemCache) (#set! library django))
; https://docs.djangoproject.com/en/stable/topics/http/sessions/#configuring-the-session-engine
((assignment left: (identifier) @_l right: (string) @_v) @state
  (#eq? @_l "SESSION_ENGINE") (#match? @_v "sessions\\.backends\\.cache['\"]$")
  (#set! need state) (#set! sort session) (#set! name LocMemCache) (#set! library django) (#set! where LocMemCache)
  (#set! lacks "redis|Redis|memcache|Memcache"))
((assignment left: (identifier) @_l right: (string) @_v) @state
  (#eq? @_l "SESSION_ENGINE") (#match? @_v "sessions\\.backends\\.file['\"]$")
  (#set! need state) (#set! sort session) (#set! name filesystem) (#set! library django))
; https://channels.readthedocs.io/en/stable/topics/channel_layers.html#in-memory-channel-layer:
; "do not use in production"
((pair value: (string) @_v) @state
  (#match? @_v "InMemoryChannelLayer")
  (#set! need state) (#set! sort socket) (#set! name InMemoryChannelLayer) (#set! library channels))
; https://flask-session.readthedocs.io/en/latest/config.html#SESSION_TYPE
((assignment left: (_) @_l right: (string) @value) @state
  (#match? @_l "^(\\w+\\.)?(config\\[['\"])?SESSION_TYPE(['\"]\\])?$")
  (#set! need state) (#set! sort session) (#set! name filesystem) (#set! library flask-session) (#set! is "filesystem|cachelib"))
; https://flask-limiter.readthedocs.io/en/stable/configuration.html#config-ratelimit_storage_uri
((call function: (_) @_f arguments: (argument_list) @options) @state
  (#match? @_f "^(\\w+\\.)?Limiter$")
  (#set! need state) (#set! sort limiter) (#set! name memory) (#set! library flask-limiter) (#set! without "storage_uri|storage_url")
  (#set! open true) (#set! where "flask_limiter|slowapi") (#set! lacks "RATELIMIT_STORAGE"))
((call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (string) @value))) @state
  (#match? @_f "^(\\w+\\.)?Limiter$") (#any-of? @_k "storage_uri" "storage_url")
  (#set! need state) (#set! sort limiter) (#set! name "memory://") (#set! library flask-limiter) (#set! is "memory://"))
; https://flask-caching.readthedocs.io/en/latest/#simplecache
((assignment left: (_) @_l right: (string) @value) @state
  (#match? @_l "^(\\w+\\.)?(config\\[['\"])?CACHE_TYPE(['\"]\\])?$")
  (#set! need state) (#set! sort cache) (#set! name SimpleCache) (#set! library flask-caching) (#set! is "simple|SimpleCache|flask_caching.backends.SimpleCache"))
; https://flask-socketio.readthedocs.io/en/latest/deployment.html#using-multiple-workers
((call function: (_) @_f arguments: (argument_list) @options) @state
  (#eq? @_f "SocketIO")
  (#set! need state) (#set! sort socket) (#set! name SocketIO) (#set! library flask-socketio) (#set! without message_queue) (#set! open true)
  (#set! where flask_socketio) (#set! lacks "message_queue"))
; https://python-socketio.readthedocs.io/en/stable/server.html#using-a-message-queue
((call function: (_) @_f arguments: (argument_list) @options) @state
  (#any-of? @_f "socketio.AsyncServer" "socketio.Server" "AsyncServer")
  (#set! need state) (#set! sort socket) (#set! name AsyncServer) (#set! library python-socketio) (#set! without client_manager) (#set! open true)
  (#set! where socketio) (#set! lacks "client_manager"))
; https://fastapi.tiangolo.com/advanced/websockets/#handling-disconnections-and-multiple-clients:
; "will only work with a single process"
((assignment left: (attribute) @_l right: [(list) (dictionary)]) @state
  (#eq? @_l "self.active_connections")
  (#set! need state) (#set! sort socket) (#set! name active_connections) (#set! library websockets) (#set! where WebSocket) (#set! lacks "redis|Redis|broadcaster"))

; --- the clock
; https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes
((call function: (attribute object: (_) @_o attribute: (identifier) @_a) arguments: (argument_list . (_) @job)) @timer
  (#match? @_o "(?i)sched") (#eq? @_a "add_job")
  (#set! need timer) (#set! library apscheduler) (#set! lacks BlockingScheduler))
((decorator (call function: (attribute object: (_) @_o attribute: (identifier) @_a) arguments: (argument_list . (_) @job))) @timer
  (#match? @_o "(?i)sched") (#any-of? @_a "scheduled_job" "task")
  (#set! need timer) (#set! library apscheduler) (#set! where "apscheduler") (#set! lacks BlockingScheduler))
((call function: (attribute object: (_) @_o attribute: (identifier) @_a) arguments: (argument_list . (_) @job)) @timer
  (#match? @_o "^schedule\\.every") (#eq? @_a "do")
  (#set! need timer) (#set! library schedule))
((decorator (call function: (_) @_f arguments: (argument_list . (_) @job))) @timer
  (#any-of? @_f "schedule.repeat" "repeat") (#match? @job "\\bevery\\(")
  (#set! need timer) (#set! library schedule) (#set! where "schedule"))
((decorator (call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @every)))) @timer
  (#match? @_f "(^|\\.)repeat_every$") (#eq? @_k "seconds")
  (#set! need timer) (#set! library fastapi-utils) (#set! unit s))
((decorator (call function: (_) @_f arguments: (argument_list . (_) @schedule))) @timer
  (#any-of? @_f "aiocron.crontab" "crontab")
  (#set! need timer) (#set! library aiocron) (#set! where "aiocron"))
; https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#entries: for beat alone
((assignment left: (_) @_l right: (dictionary (pair))) @timer
  (#match? @_l "(?i)beat_?schedule$")
  (#set! need timer) (#set! library celery) (#set! name beat_schedule))

((call function: (attribute attribute: (identifier) @_a) arguments: (argument_list . (_) . (_) @job)) @timer
  (#eq? @_a "add_periodic_task")
  (#set! need timer) (#set! library celery) (#set! name add_periodic_task))
((decorator (call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_))))) @timer
  (#match? @_f "(^|\\.)periodic_task$") (#eq? @_k "run_every")
  (#set! need timer) (#set! library celery) (#set! name periodic_task) (#set! where celery))
; https://huey.readthedocs.io/en/latest/guide.html#periodic-tasks: for a consumer that is not told otherwise
((decorator (call function: (_) @_f arguments: (argument_list . (call) @schedule))) @timer
  (#match? @_f "(^|\\.)(db_)?periodic_task$")
  (#set! need timer) (#set! library huey) (#set! name periodic_task) (#set! where huey))

; --- queues: https://docs.celeryq.dev/en/stable/userguide/routing.html
((call function: (attribute attribute: (identifier) @queue))
  (#eq? @queue "delay")
  (#set! need queue) (#set! sort put) (#set! name celery) (#set! library celery))
((call function: (attribute attribute: (identifier) @_a) arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @queue)))
  (#any-of? @_a "apply_async" "send_task") (#eq? @_k "queue")
  (#set! need queue) (#set! sort put) (#set! library celery))
((decorator (call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @queue))))
  (#match? @_f "^shared_task$|\\.task$") (#eq? @_k "queue")
  (#set! need queue) (#set! sort put) (#set! library celery))
((pair key: (string) @_k value: (string) @queue)
  (#match? @_k "^['\"]queue['\"]$")
  (#set! need queue) (#set! sort put) (#set! library celery) (#set! where "task_routes|TASK_ROUTES|CELERY_ROUTES"))
; https://python-rq.org/docs/
((call function: (_) @_f arguments: (argument_list . (string) @queue))
  (#any-of? @_f "Queue" "rq.Queue" "django_rq.get_queue" "get_queue")
  (#set! need queue) (#set! sort put) (#set! library rq) (#set! where "from rq|import rq|django_rq"))
; https://dramatiq.io/guide.html
((decorator (call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (_) @queue))))
  (#any-of? @_f "dramatiq.actor" "actor") (#eq? @_k "queue_name")
  (#set! need queue) (#set! sort put) (#set! library dramatiq) (#set! where dramatiq))
; https://pika.readthedocs.io/en/stable/modules/channel.html
((call function: (attribute attribute: (identifier) @_a) arguments: (argument_list) @options)
  (#eq? @_a "basic_publish")
  (#set! need queue) (#set! sort put) (#set! key routing_key) (#set! library amqp))
((call function: (attribute attribute: (identifier) @_a) arguments: (argument_list) @options)
  (#eq? @_a "basic_consume")
  (#set! need queue) (#set! sort take) (#set! key queue) (#set! library amqp))
((call function: (_) @_f arguments: (argument_list . (string) @queue))
  (#any-of? @_f "KafkaConsumer" "AIOKafkaConsumer")
  (#set! need queue) (#set! sort take) (#set! library kafka))
((call function: (attribute object: (_) @_o attribute: (identifier) @_a) arguments: (argument_list . (string) @queue))
  (#match? @_o "(?i)producer$") (#any-of? @_a "send" "produce" "send_and_wait")
  (#set! need queue) (#set! sort put) (#set! library kafka))
; https://docs.celeryq.dev/en/stable/userguide/routing.html#manual-routing: the
; queues that a worker takes from which is not told any
((call function: (_) @_f arguments: (argument_list . (string) @queue))
  (#any-of? @_f "Queue" "kombu.Queue")
  (#set! need queue) (#set! sort take) (#set! library celery) (#set! where "kombu"))
((assignment left: (_) @_l right: (string) @queue)
  (#match? @_l "(?i)(task|celery)_default_queue$")
  (#set! need queue) (#set! sort take) (#set! library celery))
