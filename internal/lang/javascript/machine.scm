; What code in JavaScript and TypeScript needs of the machine that it runs on:
; files, programs, memory, the clock, queues. The words are those of package
; pattern.

; --- paths: https://nodejs.org/api/path.html, https://nodejs.org/api/modules.html#__dirname
((identifier) @folder (#eq? @folder "__dirname") (#set! need folder) (#set! of beside))
((identifier) @folder (#eq? @folder "__filename") (#set! need folder) (#set! of file))
((member_expression) @folder (#eq? @folder "import.meta.dirname") (#set! need folder) (#set! of beside))
((member_expression) @folder (#any-of? @folder "import.meta.url" "import.meta.filename") (#set! need folder) (#set! of file))
((call_expression function: (_) @_f) @folder
  (#eq? @_f "process.cwd")
  (#set! need folder) (#set! of working))
((call_expression function: (_) @_f) @folder
  (#any-of? @_f "os.tmpdir" "tmpdir")
  (#set! need folder) (#set! of temporary))
((call_expression function: (_) @_f arguments: (arguments . (_) @of)) @parent
  (#any-of? @_f "path.dirname" "dirname")
  (#set! need parent))
((call_expression function: (_) @_f arguments: (arguments . (_) @of)) @same
  (#any-of? @_f "fileURLToPath" "url.fileURLToPath" "path.normalize")
  (#set! need same))
((call_expression function: (_) @_f arguments: (arguments) @parts) @join
  (#eq? @_f "path.join")
  (#set! need join))
((call_expression function: (identifier) @_f arguments: (arguments) @parts) @join
  (#eq? @_f "join")
  (#set! need join) (#set! where "'path'|\"path\"|'node:path'|\"node:path\""))
((call_expression function: (_) @_f arguments: (arguments) @parts) @join
  (#eq? @_f "path.resolve")
  (#set! need join) (#set! absolute true))
((call_expression function: (identifier) @_f arguments: (arguments) @parts) @join
  (#eq? @_f "resolve")
  (#set! need join) (#set! absolute true) (#set! where "'path'|\"path\"|'node:path'|\"node:path\""))
((new_expression constructor: (_) @_c arguments: (arguments . (_) @part . (_) @base .)) @join
  (#eq? @_c "URL") (#eq? @base "import.meta.url")
  (#set! need join) (#set! reversed true) (#set! from file))

; --- files that are read: https://nodejs.org/api/fs.html, and fs-extra
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @reading
  (#match? @_f "^((fs|fsp|fse|fsPromises|fsExtra|promises|fs\\.promises|require\\(['\"](node:)?fs['\"]\\))\\.)?(readFile|readFileSync|createReadStream|readdir|readdirSync|readJson|readJsonSync|readJSON|readJSONSync)$")
  (#set! need reading))
; https://expressjs.com/en/api.html#express.static, #res.sendFile, #app.set
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @reading
  (#any-of? @_f "express.static" "serveStatic")
  (#set! need reading))
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @reading
  (#match? @_f "^(res|response)\\.sendFile$")
  (#set! need reading))
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (string (string_fragment) @_k) . (_) @path .)) @reading
  (#eq? @_p "set") (#eq? @_k "views")
  (#set! need reading))
; https://mozilla.github.io/nunjucks/api.html#configure
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @reading
  (#any-of? @_f "nunjucks.configure" "ejs.renderFile" "pug.renderFile" "pug.compileFile")
  (#set! need reading))
((call_expression function: (identifier) @_f arguments: (arguments . (call_expression) @path .)) @reading
  (#eq? @_f "require")
  (#set! need reading))

; --- files that are written
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @writing
  (#match? @_f "^((fs|fsp|fse|fsPromises|fsExtra|promises|fs\\.promises|require\\(['\"](node:)?fs['\"]\\))\\.)?(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|mkdir|mkdirSync|outputFile|outputFileSync|outputJson|outputJsonSync|writeJson|writeJsonSync|writeJSON|ensureDir|ensureDirSync|ensureFile|ensureFileSync|mkdirp|mkdirpSync)$")
  (#set! need writing))
((call_expression function: (_) @_f arguments: (arguments . (_) . (_) @path)) @writing
  (#match? @_f "^((fs|fsp|fse|fsPromises|fsExtra|promises|fs\\.promises)\\.)?(copyFile|copyFileSync|rename|renameSync|cp|cpSync)$|^(fs|fse|fsExtra)\\.(copy|copySync|move|moveSync)$")
  (#set! need writing))
; https://github.com/expressjs/multer#usage
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @writing
  (#eq? @_f "multer")
  (#set! need writing) (#set! key dest) (#set! sort upload) (#set! library multer))
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @writing
  (#any-of? @_f "multer.diskStorage" "diskStorage")
  (#set! need writing) (#set! key destination) (#set! sort upload) (#set! library multer))
((call_expression function: (identifier) @_f arguments: (arguments . (null) . (_) @path .)) @writing
  (#any-of? @_f "cb" "callback" "done")
  (#set! need writing) (#set! sort upload) (#set! library multer) (#set! where "diskStorage"))
; https://docs.nestjs.com/techniques/file-upload
((pair key: (_) @_k value: (_) @path) @writing
  (#eq? @_k "dest")
  (#set! need writing) (#set! sort upload) (#set! library multer) (#set! where "FileInterceptor|FilesInterceptor|MulterModule"))
; https://github.com/node-formidable/formidable#options: os.tmpdir() unless told
([(call_expression function: (_) @_f arguments: (arguments . (_) @options)) (new_expression constructor: (_) @_f arguments: (arguments . (_) @options))] @writing
  (#match? @_f "^(formidable(\\.\\w+)?|IncomingForm)$")
  (#set! need writing) (#set! key uploadDir) (#set! sort upload) (#set! library formidable))
((assignment_expression left: (member_expression property: (_) @_p) right: (_) @path) @writing
  (#eq? @_p "uploadDir")
  (#set! need writing) (#set! sort upload) (#set! library formidable))
; https://github.com/richardgirges/express-fileupload
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (_) @path)) @writing
  (#eq? @_p "mv")
  (#set! need writing) (#set! sort upload) (#set! library express-fileupload) (#set! where "express-fileupload|req.files"))
; https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md, https://github.com/TryGhost/node-sqlite3
((new_expression constructor: (_) @_c arguments: (arguments . (_) @path)) @writing
  (#any-of? @_c "Database" "sqlite3.Database" "sqlite.Database" "BetterSqlite3" "DatabaseSync" "PrismaBetterSqlite3")
  (#set! need writing) (#set! sort database) (#set! library sqlite) (#set! where "sqlite"))
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @writing
  (#any-of? @_f "Database" "betterSqlite3")
  (#set! need writing) (#set! sort database) (#set! library sqlite) (#set! where "better-sqlite3"))
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @writing
  (#any-of? @_f "open" "sqlite.open")
  (#set! need writing) (#set! key filename) (#set! sort database) (#set! library sqlite) (#set! where "from 'sqlite'|from \"sqlite\"|require('sqlite')|require(\"sqlite\")"))
; https://sequelize.org/docs/v6/getting-started/#connecting-to-a-database
((pair key: (_) @_k value: (_) @path) @writing
  (#any-of? @_k "storage" "filename")
  (#set! need writing) (#set! sort database) (#set! library sqlite) (#set! where "dialect: 'sqlite'|dialect: \"sqlite\"|client: 'sqlite3'|client: \"sqlite3\"|client: 'better-sqlite3'|client: \"better-sqlite3\""))
; https://typeorm.io/docs/drivers/sqlite
((pair key: (_) @_k value: (_) @path) @writing
  (#eq? @_k "database")
  (#set! need writing) (#set! sort database) (#set! library sqlite) (#set! where "type: 'sqlite'|type: \"sqlite\"|type: 'better-sqlite3'|type: \"better-sqlite3\""))
; https://github.com/tursodatabase/libsql-client-ts: file: is a file here
((call_expression function: (_) @_f arguments: (arguments . (object (pair key: (_) @_k value: (_) @path)))) @writing
  (#any-of? @_f "createClient" "drizzle") (#eq? @_k "url")
  (#set! need writing) (#set! scheme file) (#set! sort database) (#set! library libsql) (#set! where "libsql"))
; https://github.com/typicode/lowdb, https://github.com/seald/node-nedb
((new_expression constructor: (_) @_c arguments: (arguments . (_) @path)) @writing
  (#any-of? @_c "JSONFile" "JSONFileSync" "FileSync" "FileAsync")
  (#set! need writing) (#set! sort database) (#set! library lowdb) (#set! where "lowdb"))
((call_expression function: (_) @_f arguments: (arguments . (_) . (_) @path)) @writing
  (#match? @_f "^(JSONFilePreset|JSONFileSyncPreset)$")
  (#set! need writing) (#set! sort database) (#set! library lowdb) (#set! where "lowdb"))
((call_expression function: (_) @_f arguments: (arguments . (_) @path)) @writing
  (#eq? @_f "JSONFilePreset")
  (#set! need writing) (#set! sort database) (#set! library lowdb) (#set! where "lowdb"))
((new_expression constructor: (_) @_c arguments: (arguments . (_) @options)) @writing
  (#any-of? @_c "Datastore" "Nedb" "NeDB")
  (#set! need writing) (#set! key filename) (#set! sort database) (#set! library nedb) (#set! where "nedb"))
; https://github.com/valery-barysok/session-file-store
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @writing
  (#match? @_f "FileStore$")
  (#set! need writing) (#set! key path) (#set! library session-file-store) (#set! where "session-file-store"))
; https://github.com/winstonjs/winston/blob/master/docs/transports.md#file-transport
((new_expression constructor: (_) @_c arguments: (arguments . (_) @options)) @writing
  (#match? @_c "transports\\.File$|DailyRotateFile$")
  (#set! need writing) (#set! key "filename|dirname") (#set! sort log) (#set! library winston))

; --- programs: https://nodejs.org/api/child_process.html
((call_expression function: (_) @_f arguments: (arguments . (_) @command)) @program
  (#match? @_f "^((cp|child_process|childProcess|child|proc|require\\(['\"](node:)?child_process['\"]\\))\\.)?(exec|execSync)$|^(exec(Async|Promise|P)|(async|promisified?|p)Exec)$")
  (#set! need program) (#set! where "child_process"))
((call_expression function: (_) @_f arguments: (arguments . (_) @name)) @program
  (#match? @_f "^((cp|child_process|childProcess|child|proc|require\\(['\"](node:)?child_process['\"]\\))\\.)?(execFile|execFileSync|spawn|spawnSync)$|^(execFile|spawn)(Async|Promise)$")
  (#set! need program) (#set! where "child_process|cross-spawn"))
; https://github.com/sindresorhus/execa
((call_expression function: (_) @_f arguments: (arguments . (_) @name)) @program
  (#any-of? @_f "execa" "execaSync" "execa.sync")
  (#set! need program) (#set! where "execa"))
((call_expression function: (_) @_f arguments: (arguments . (_) @command)) @program
  (#any-of? @_f "execaCommand" "execaCommandSync" "execa.command" "execa.commandSync")
  (#set! need program) (#set! where "execa"))
; https://github.com/shelljs/shelljs#execcommand--options--callback
((call_expression function: (_) @_f arguments: (arguments . (_) @command)) @program
  (#any-of? @_f "shell.exec" "shelljs.exec" "sh.exec")
  (#set! need program) (#set! where "shelljs"))
; packages that start a program; where they are told which, nothing is said
((import_statement source: (string (string_fragment) @wrapper))
  (#set! need wrapper) (#set! lacks "ffmpeg-static|@ffmpeg-installer|@ffprobe-installer|setFfmpegPath|binary:"))
((call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @wrapper) .))
  (#eq? @_f "require")
  (#set! need wrapper) (#set! lacks "ffmpeg-static|@ffmpeg-installer|@ffprobe-installer|setFfmpegPath|binary:"))

; --- memory
; https://expressjs.com/en/resources/middleware/session.html: the default store
; "is purposely not designed for a production environment"
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @state
  (#match? @_f "(?i)session$|^require\\(['\"]express-session['\"]\\)$") (#not-match? @_f "\\.")
  (#set! need state) (#set! sort session) (#set! name MemoryStore) (#set! library express-session) (#set! without store)
  (#set! where "'express-session'|\"express-session\"") (#set! lacks ".store =|cookie-session"))
((new_expression constructor: (_) @_c) @state
  (#match? @_c "^(\\w*[sS]ession\\.)MemoryStore$")
  (#set! need state) (#set! sort session) (#set! name MemoryStore) (#set! library express-session))
; https://github.com/koajs/generic-session: memory unless a store is given
((call_expression function: (identifier) @_f arguments: (arguments . (_) @options)) @state
  (#match? @_f "(?i)session$")
  (#set! need state) (#set! sort session) (#set! name MemoryStore) (#set! library koa-generic-session) (#set! without "store|sessionStore")
  (#set! where "'koa-generic-session'|\"koa-generic-session\"|'koa-session-minimal'|\"koa-session-minimal\""))
; https://github.com/fastify/session#store-optional: memory unless a store is given
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (identifier) @_s . (_) @options)) @state
  (#eq? @_p "register") (#match? @_s "(?i)session$")
  (#set! need state) (#set! sort session) (#set! name MemoryStore) (#set! library "@fastify/session") (#set! without store)
  (#set! where "@fastify/session|fastify-session"))
; https://express-rate-limit.mintlify.app/reference/stores: memory unless a store is given
([(call_expression function: (_) @_f arguments: (arguments . (_) @options)) (new_expression constructor: (_) @_f arguments: (arguments . (_) @options))] @state
  (#match? @_f "(?i)^(express)?(rate_?limit(er)?|slow_?down|limiter)$")
  (#set! need state) (#set! sort limiter) (#set! name MemoryStore) (#set! library express-rate-limit) (#set! without store)
  (#set! where "express-rate-limit|express-slow-down") (#set! lacks "RedisStore|MemcachedStore|MongoStore|PostgresStore"))
; https://github.com/animir/node-rate-limiter-flexible/wiki/Memory
((new_expression constructor: (_) @_c) @state
  (#match? @_c "RateLimiterMemory$")
  (#set! need state) (#set! sort limiter) (#set! name RateLimiterMemory) (#set! library rate-limiter-flexible)
  (#set! lacks "insuranceLimiter"))
; https://github.com/fastify/fastify-rate-limit: memory unless redis or a store is given
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (_) @_s . (_) @options)) @state
  (#eq? @_p "register") (#match? @_s "(?i)rate_?limit")
  (#set! need state) (#set! sort limiter) (#set! name LocalStore) (#set! library "@fastify/rate-limit") (#set! without "redis|store")
  (#set! where "@fastify/rate-limit|fastify-rate-limit"))
; https://docs.nestjs.com/security/rate-limiting: in memory unless storage is given
((call_expression function: (_) @_f arguments: (arguments . (_) @options)) @state
  (#eq? @_f "ThrottlerModule.forRoot")
  (#set! need state) (#set! sort limiter) (#set! name ThrottlerStorageService) (#set! library "@nestjs/throttler") (#set! without storage) (#set! lacks "Storage"))
; https://docs.nestjs.com/techniques/caching: in memory unless a store is given
((call_expression function: (_) @_f arguments: (arguments . (_)? @options)) @state
  (#eq? @_f "CacheModule.register")
  (#set! need state) (#set! sort cache) (#set! name CacheModule) (#set! library "@nestjs/cache-manager") (#set! without "store|stores") (#set! lacks "redis|Redis"))
; https://socket.io/docs/v4/using-multiple-nodes/
([(new_expression constructor: (_) @_c) (call_expression function: (_) @_c)] @state
  (#match? @_c "^(Server|SocketIO|SocketServer|SocketIOServer|IOServer|socketio|socketIo|socketIO|io|socket\\.Server|require\\(['\"]socket\\.io['\"]\\)(\\.Server)?)$")
  (#set! need state) (#set! sort socket) (#set! name "socket.io") (#set! library "socket.io")
  (#set! where "'socket.io'|\"socket.io\"") (#set! lacks "adapter|Adapter"))
; https://www.apollographql.com/docs/apollo-server/data/subscriptions#the-pubsub-class:
; "not recommended for production environments"
((new_expression constructor: (_) @_c arguments: (arguments)) @state
  (#eq? @_c "PubSub")
  (#set! need state) (#set! sort socket) (#set! name PubSub) (#set! library graphql-subscriptions)
  (#set! where "graphql-subscriptions|apollo-server|graphql-yoga|type-graphql") (#set! lacks "google-cloud"))
; maps of what clients hold on to
((variable_declarator name: (identifier) @_n value: (new_expression constructor: (_) @_c)) @state
  (#match? @_n "(?i)^(active|user|login|online|refresh|pending)?(sessions?|otps?|tokens|rooms|users|locks|(rate)?limits|attempts)(Store|Map|Cache)?$")
  (#any-of? @_c "Map" "NodeCache" "LRUCache" "LRU")
  (#set! need state) (#set! sort store) (#set! name Map))

; --- the clock
; https://github.com/node-cron/node-cron, https://github.com/node-schedule/node-schedule
((call_expression function: (member_expression object: (_) @_o property: (_) @_p) arguments: (arguments . (_) @schedule . (_) @job)) @timer
  (#match? @_o "(?i)cron$") (#eq? @_p "schedule")
  (#set! need timer) (#set! library node-cron) (#set! where "node-cron"))
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (_) @schedule . (_) @job)) @timer
  (#eq? @_p "scheduleJob")
  (#set! need timer) (#set! library node-schedule) (#set! where "node-schedule"))
; https://github.com/kelektiv/node-cron, https://github.com/hexagon/croner
([(new_expression constructor: (_) @_c arguments: (arguments . (_) @schedule . (_) @job)) (call_expression function: (_) @_c arguments: (arguments . (_) @schedule . (_) @job))] @timer
  (#any-of? @_c "CronJob" "cron.CronJob" "Cron")
  (#set! need timer) (#set! library cron) (#set! where "'cron'|\"cron\"|croner"))
; https://docs.nestjs.com/techniques/task-scheduling
((decorator (call_expression function: (identifier) @_f arguments: (arguments . (_) @schedule @job))) @timer
  (#eq? @_f "Cron")
  (#set! need timer) (#set! library "@nestjs/schedule") (#set! where "@nestjs/schedule"))
((decorator (call_expression function: (identifier) @_f arguments: (arguments (_) @every .))) @timer
  (#eq? @_f "Interval")
  (#set! need timer) (#set! library "@nestjs/schedule") (#set! where "@nestjs/schedule"))
; https://nodejs.org/api/timers.html#setintervalcallback-delay-args
((call_expression function: (identifier) @_f arguments: (arguments . (_) @job . (_) @every .)) @timer
  (#eq? @_f "setInterval")
  (#set! need timer) (#set! unit ms))

; --- queues: https://docs.bullmq.io, https://github.com/OptimalBits/bull
((new_expression constructor: (_) @_c arguments: (arguments . (_) @queue))
  (#any-of? @_c "Queue" "Bull" "BullQueue" "BeeQueue")
  (#set! need queue) (#set! sort put) (#set! library bull) (#set! where "bull|bee-queue"))
((new_expression constructor: (_) @_c arguments: (arguments . (_) @queue))
  (#eq? @_c "Worker")
  (#set! need queue) (#set! sort take) (#set! library bull) (#set! where "bullmq"))
((new_expression constructor: (_) @_c arguments: (arguments . (_) @queue))
  (#any-of? @_c "Queue" "Bull" "BullQueue" "BeeQueue")
  (#set! need queue) (#set! sort take) (#set! library bull) (#set! where ".process("))
; https://docs.nestjs.com/techniques/queues
((decorator (call_expression function: (identifier) @_f arguments: (arguments . (_) @queue .)))
  (#eq? @_f "Processor")
  (#set! need queue) (#set! sort take) (#set! library bull) (#set! where "@nestjs/bull"))
((decorator (call_expression function: (identifier) @_f arguments: (arguments . (_) @queue .)))
  (#eq? @_f "InjectQueue")
  (#set! need queue) (#set! sort put) (#set! library bull) (#set! where "@nestjs/bull"))
; https://amqp-node.github.io/amqplib/channel_api.html
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (_) @queue))
  (#eq? @_p "sendToQueue")
  (#set! need queue) (#set! sort put) (#set! library amqp))
((call_expression function: (member_expression property: (_) @_p) arguments: (arguments . (_) @queue . (_)))
  (#eq? @_p "consume")
  (#set! need queue) (#set! sort take) (#set! library amqp) (#set! where "amqp"))
; https://kafka.js.org/docs/producing, https://kafka.js.org/docs/consuming
((call_expression function: (member_expression object: (_) @_o property: (_) @_p) arguments: (arguments . (object) @options))
  (#match? @_o "(?i)producer$") (#eq? @_p "send")
  (#set! need queue) (#set! sort put) (#set! key topic) (#set! library kafka) (#set! where "kafka"))
((call_expression function: (member_expression object: (_) @_o property: (_) @_p) arguments: (arguments . (object) @options))
  (#match? @_o "(?i)consumer$") (#eq? @_p "subscribe")
  (#set! need queue) (#set! sort take) (#set! key topic) (#set! library kafka) (#set! where "kafka"))
