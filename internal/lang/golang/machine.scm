; What code in Go needs of the machine that it runs on: files, programs, memory,
; the clock, queues. The words are those of package pattern.

; --- paths: https://pkg.go.dev/path/filepath
((call_expression function: (_) @_f arguments: (argument_list) @parts) @join
  (#any-of? @_f "filepath.Join" "path.Join")
  (#set! need join))
((call_expression function: (_) @_f arguments: (argument_list . (_) @of)) @parent
  (#any-of? @_f "filepath.Dir" "path.Dir")
  (#set! need parent))
((call_expression function: (_) @_f arguments: (argument_list . (_) @of)) @same
  (#any-of? @_f "filepath.Clean" "filepath.Abs" "path.Clean" "filepath.FromSlash")
  (#set! need same))
((call_expression function: (_) @_f) @folder
  (#eq? @_f "os.Getwd")
  (#set! need folder) (#set! of working))
((call_expression function: (_) @_f) @folder
  (#any-of? @_f "os.TempDir" "os.MkdirTemp" "ioutil.TempDir" "os.CreateTemp" "ioutil.TempFile")
  (#set! need folder) (#set! of temporary))

; --- files that are read: https://pkg.go.dev/os
((call_expression function: (_) @_f arguments: (argument_list . (_) @path)) @reading
  (#any-of? @_f "os.Open" "os.ReadFile" "ioutil.ReadFile" "os.ReadDir" "ioutil.ReadDir" "os.DirFS" "http.Dir" "gin.Dir")
  (#set! need reading))
; https://pkg.go.dev/html/template#ParseFiles
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list [(interpreted_string_literal) (raw_string_literal) (call_expression)] @path)) @reading
  (#any-of? @_f "ParseFiles" "ParseGlob" "LoadHTMLGlob" "LoadHTMLFiles")
  (#set! need reading))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) . [(interpreted_string_literal) (identifier) (call_expression)] @path)) @reading
  (#any-of? @_f "Static" "StaticFile" "File")
  (#set! need reading) (#set! where "gin-gonic/gin|labstack/echo|gofiber/fiber"))
((call_expression function: (_) @_f arguments: (argument_list . (_) . (_) . (_) @path)) @reading
  (#eq? @_f "http.ServeFile")
  (#set! need reading))
((call_expression function: (_) @_f arguments: (argument_list (_) @path)) @reading
  (#any-of? @_f "tls.LoadX509KeyPair")
  (#set! need reading))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) . (_) @path)) @reading
  (#eq? @_f "ListenAndServeTLS")
  (#set! need reading))
; https://github.com/golang-migrate/migrate#use-in-your-go-project
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) @path)) @reading
  (#any-of? @_f "New" "NewWithDatabaseInstance")
  (#set! need reading) (#set! scheme file) (#set! where "golang-migrate/migrate"))

; --- files that are written
((call_expression function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_f "os.Create" "os.WriteFile" "ioutil.WriteFile" "os.MkdirAll" "os.Mkdir")
  (#set! need writing))
;  in the folder for what need not last, where no other is named
((call_expression function: (_) @_f arguments: (argument_list . (interpreted_string_literal) @_d)) @writing @path
  (#any-of? @_f "os.CreateTemp" "os.MkdirTemp" "ioutil.TempFile" "ioutil.TempDir") (#eq? @_d "\"\"")
  (#set! need writing))
((call_expression function: (_) @_f arguments: (argument_list . (_) @path . (_) @_m)) @writing
  (#eq? @_f "os.OpenFile") (#match? @_m "O_(CREATE|WRONLY|RDWR|APPEND)")
  (#set! need writing))
((call_expression function: (_) @_f arguments: (argument_list . (_) . (_) @path)) @writing
  (#eq? @_f "os.Rename")
  (#set! need writing))
; https://pkg.go.dev/github.com/gin-gonic/gin#Context.SaveUploadedFile
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) . (_) @path)) @writing
  (#any-of? @_f "SaveUploadedFile" "SaveFile")
  (#set! need writing) (#set! sort upload))
; https://gorm.io/docs/connecting_to_the_database.html#SQLite, https://pkg.go.dev/github.com/mattn/go-sqlite3
((call_expression function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#eq? @_f "sqlite.Open")
  (#set! need writing) (#set! sort database) (#set! library sqlite))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (interpreted_string_literal) @_d . (_) @path)) @writing
  (#any-of? @_f "Open" "Connect" "MustConnect" "MustOpen") (#match? @_d "^\"(sqlite3?|libsql)\"$")
  (#set! need writing) (#set! sort database) (#set! library sqlite))
; https://pkg.go.dev/go.etcd.io/bbolt#Open, https://pkg.go.dev/github.com/dgraph-io/badger/v4#DefaultOptions
((call_expression function: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_f "bolt.Open" "bbolt.Open" "badger.DefaultOptions" "leveldb.OpenFile" "pebble.Open" "bleve.New")
  (#set! need writing) (#set! sort database))
((keyed_element . (literal_element (identifier) @_k) . (literal_element (_) @path)) @writing
  (#eq? @_k "Filename")
  (#set! need writing) (#set! sort log) (#set! where "lumberjack"))

; --- programs: https://pkg.go.dev/os/exec
((call_expression function: (_) @_f arguments: (argument_list . (_) @name)) @program
  (#eq? @_f "exec.Command")
  (#set! need program))
((call_expression function: (_) @_f arguments: (argument_list . (_) . (_) @name)) @program
  (#eq? @_f "exec.CommandContext")
  (#set! need program))
((call_expression function: (_) @_f arguments: (argument_list . (_) @_s . (interpreted_string_literal) @_c . (_) @command)) @program
  (#eq? @_f "exec.Command") (#match? @_s "^\"(/bin/)?(ba)?sh\"$") (#eq? @_c "\"-c\"")
  (#set! need program))
((import_spec path: (_) @wrapper) (#set! need wrapper))

; --- memory
; https://pkg.go.dev/github.com/gin-contrib/sessions/memstore
((call_expression function: (_) @_f) @state
  (#eq? @_f "memstore.NewStore")
  (#set! need state) (#set! sort session) (#set! name memstore) (#set! library "gin-contrib/sessions"))
; https://pkg.go.dev/github.com/gorilla/sessions#FilesystemStore
((call_expression function: (_) @_f) @state
  (#eq? @_f "sessions.NewFilesystemStore")
  (#set! need state) (#set! sort session) (#set! name filesystem) (#set! library "gorilla/sessions"))
; https://github.com/alexedwards/scs#configuring-the-session-store: memory by default
((call_expression function: (_) @_f arguments: (argument_list)) @state
  (#any-of? @_f "scs.New" "scs.NewSession")
  (#set! need state) (#set! sort session) (#set! name memstore) (#set! library "alexedwards/scs") (#set! where "alexedwards/scs") (#set! lacks ".Store ="))
; https://docs.gofiber.io/api/middleware/session: memory unless Storage is given
((call_expression function: (_) @_f arguments: (argument_list)) @state
  (#eq? @_f "session.New")
  (#set! need state) (#set! sort session) (#set! name memory) (#set! library "gofiber/fiber") (#set! where "fiber/v2/middleware/session|fiber/v3/middleware/session") (#set! lacks "Storage:"))
((call_expression function: (_) @_f arguments: (argument_list)) @state
  (#eq? @_f "limiter.New")
  (#set! need state) (#set! sort limiter) (#set! name memory) (#set! library "gofiber/fiber") (#set! where "middleware/limiter") (#set! lacks "Storage:"))
; https://github.com/ulule/limiter, https://github.com/didip/tollbooth
((call_expression function: (_) @_f) @state
  (#any-of? @_f "memory.NewStore" "memory.NewStoreWithOptions")
  (#set! need state) (#set! sort limiter) (#set! name memory) (#set! library "ulule/limiter") (#set! where "ulule/limiter"))
((call_expression function: (_) @_f) @state
  (#eq? @_f "tollbooth.NewLimiter")
  (#set! need state) (#set! sort limiter) (#set! name memory) (#set! library "didip/tollbooth"))
; https://echo.labstack.com/docs/middleware/rate-limiter: "not recommended for production … distributed"
((call_expression function: (_) @_f) @state
  (#match? @_f "NewRateLimiterMemoryStore(WithConfig)?$")
  (#set! need state) (#set! sort limiter) (#set! name RateLimiterMemoryStore) (#set! library "labstack/echo"))
; https://github.com/go-chi/httprate
((call_expression function: (_) @_f) @state
  (#match? @_f "^httprate\\.(Limit|LimitByIP|LimitByRealIP|LimitAll)$")
  (#set! need state) (#set! sort limiter) (#set! name memory) (#set! library "go-chi/httprate") (#set! lacks "httprateredis|httprate-redis"))
; a limiter for each client
((map_type value: (_) @_v) @state
  (#eq? @_v "*rate.Limiter")
  (#set! need state) (#set! sort limiter) (#set! name "rate.Limiter") (#set! library "golang.org/x/time/rate"))
((map_type key: (_) @_k) @state
  (#eq? @_k "*websocket.Conn")
  (#set! need state) (#set! sort socket) (#set! name "websocket.Conn") (#set! library websocket) (#set! lacks "redis|nats|Redis"))

; --- the clock
; https://pkg.go.dev/github.com/robfig/cron/v3
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) @schedule . (_) @job)) @timer
  (#any-of? @_f "AddFunc" "AddJob")
  (#set! need timer) (#set! library "robfig/cron") (#set! where "robfig/cron"))
; https://pkg.go.dev/github.com/go-co-op/gocron
((call_expression function: (selector_expression operand: (_) @_o field: (field_identifier) @_f) arguments: (argument_list . (_) @job)) @timer
  (#eq? @_f "Do") (#match? @_o "\\.(Every|Cron|CronWithSeconds)\\(")
  (#set! need timer) (#set! library gocron) (#set! where "gocron"))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (_) @job . (_))) @timer
  (#eq? @_f "NewJob")
  (#set! need timer) (#set! library gocron) (#set! where "go-co-op/gocron"))
; https://pkg.go.dev/time#NewTicker
((call_expression function: (_) @_f arguments: (argument_list . (_) @every .)) @timer
  (#any-of? @_f "time.NewTicker" "time.Tick")
  (#set! need timer))

; --- queues: https://pkg.go.dev/github.com/hibiken/asynq
((call_expression function: (_) @_f arguments: (argument_list . (_) @queue .))
  (#eq? @_f "asynq.Queue")
  (#set! need queue) (#set! sort put) (#set! library asynq))
((keyed_element . (literal_element (identifier) @_k) . (literal_element (composite_literal body: (literal_value (keyed_element . (literal_element (interpreted_string_literal) @queue))))))
  (#eq? @_k "Queues")
  (#set! need queue) (#set! sort take) (#set! library asynq) (#set! where "hibiken/asynq"))
; https://pkg.go.dev/github.com/segmentio/kafka-go, https://pkg.go.dev/github.com/nats-io/nats.go
((composite_literal type: (_) @_t) @options
  (#match? @_t "kafka\\.ReaderConfig$")
  (#set! need queue) (#set! sort take) (#set! key Topic) (#set! library kafka))
((composite_literal type: (_) @_t) @options
  (#match? @_t "kafka\\.Writer(Config)?$")
  (#set! need queue) (#set! sort put) (#set! key Topic) (#set! library kafka))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (interpreted_string_literal) @queue . (_)))
  (#any-of? @_f "Publish" "Request")
  (#set! need queue) (#set! sort put) (#set! library nats) (#set! where "nats-io/nats.go"))
((call_expression function: (selector_expression field: (field_identifier) @_f) arguments: (argument_list . (interpreted_string_literal) @queue . (_)))
  (#any-of? @_f "Subscribe" "QueueSubscribe" "SubscribeSync")
  (#set! need queue) (#set! sort take) (#set! library nats) (#set! where "nats-io/nats.go"))
