; What code in Go needs. The words are those of package pattern.

; --- variables: https://pkg.go.dev/os#Getenv, #LookupEnv
((call_expression
  function: (selector_expression operand: (identifier) @_p field: (field_identifier) @_f)
  arguments: (argument_list . (_) @name .)) @read
  (#any-of? @_p "os" "syscall") (#any-of? @_f "Getenv" "LookupEnv")
  (#set! need variable))
((call_expression
  function: (selector_expression operand: (identifier) @_p field: (field_identifier) @_f)
  arguments: (argument_list . (_) @name . (_) @value .))
  (#eq? @_p "os") (#eq? @_f "Setenv")
  (#set! need write))
; https://pkg.go.dev/github.com/spf13/viper#BindEnv: defaults are set elsewhere
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . (_) . (interpreted_string_literal) @name)) @read
  (#eq? @_f "BindEnv")
  (#set! need variable) (#set! optional true) (#set! where "spf13/viper"))
; https://pkg.go.dev/github.com/urfave/cli/v2#StringFlag: a flag may stand in
((keyed_element
  . (literal_element (identifier) @_k)
  . (literal_element (composite_literal body: (literal_value) @names))) @flag
  (#eq? @_k "EnvVars")
  (#set! need flag) (#set! where "urfave/cli"))
((call_expression
  function: (selector_expression operand: (identifier) @_p field: (field_identifier) @_f)
  arguments: (argument_list (interpreted_string_literal) @name @read))
  (#eq? @_p "cli") (#eq? @_f "EnvVars")
  (#set! need variable) (#set! optional true) (#set! where "urfave/cli"))

; --- struct tags: caarlos0/env, kelseyhightower/envconfig, and their like
((field_declaration tag: (_) @tag) @field
  (#match? @tag "\\b(env|envconfig|envDefault|env-default|split_words|envPrefix):\"")
  (#set! need tags))
((call_expression function: (_) @_f arguments: (argument_list . (_) @prefix . (_) @target))
  (#any-of? @_f "envconfig.Process" "envconfig.MustProcess")
  (#set! need process))
((type_spec name: (_) @name type: (struct_type) @struct)
  (#set! need struct) (#set! where "envconfig.Process|envconfig.MustProcess"))

; --- servers
; https://pkg.go.dev/net/http#Server: an empty Addr, or one without host, is
; every address
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . (_) @address . (_))) @listen
  (#any-of? @_f "ListenAndServe" "ListenAndServeTLS")
  (#set! need listen))
((composite_literal type: (_) @_t) @options @listen
  (#eq? @_t "http.Server")
  (#set! need listen))
((call_expression function: (_) @_f arguments: (argument_list . (_) @_n . (_) @address .)) @listen
  (#any-of? @_f "net.Listen" "tls.Listen") (#match? @_n "tcp")
  (#set! need listen))
; https://pkg.go.dev/github.com/gin-gonic/gin#Engine.Run: :8080 or PORT
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . [(interpreted_string_literal) (binary_expression) (call_expression) (identifier) (selector_expression)] @address .)) @listen
  (#eq? @_f "Run")
  (#set! need listen) (#set! where "gin-gonic/gin"))
; https://pkg.go.dev/github.com/labstack/echo/v4#Echo.Start
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . (_) @address)) @listen
  (#any-of? @_f "Start" "StartTLS")
  (#set! need listen) (#set! where "labstack/echo"))
; https://pkg.go.dev/github.com/gofiber/fiber/v2#App.Listen
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . (_) @address)) @listen
  (#eq? @_f "Listen")
  (#set! need listen) (#set! where "gofiber/fiber"))

; --- clients
((call_expression function: (_) @_f arguments: (argument_list . (_) @_n . (_) @address)) @call
  (#any-of? @_f "net.Dial" "net.DialTimeout") (#match? @_n "tcp")
  (#set! need call) (#set! scheme tcp))
((call_expression function: (_) @_f arguments: (argument_list . (_) @address)) @call
  (#any-of? @_f "grpc.Dial" "grpc.NewClient")
  (#set! need call) (#set! scheme grpc))
((call_expression function: (_) @_f arguments: (argument_list . (_) . (_) @address)) @call
  (#eq? @_f "grpc.DialContext")
  (#set! need call) (#set! scheme grpc))
((composite_literal type: (_) @_t) @options @call
  (#any-of? @_t "redis.Options" "asynq.RedisClientOpt")
  (#set! need call) (#set! scheme redis))
((call_expression function: (_) @_f arguments: (argument_list . (_) @address)) @call
  (#eq? @_f "smtp.SendMail")
  (#set! need call) (#set! scheme smtp))
((call_expression function: (_) @_f arguments: (argument_list . (_) @address)) @call
  (#eq? @_f "memcache.New")
  (#set! need call) (#set! scheme memcached))

; --- addresses in texts
([(interpreted_string_literal) (raw_string_literal)] @url
  (#match? @url "^.[a-z+]+://")
  (#set! need url))
((call_expression function: (_) @_f arguments: (argument_list . [(interpreted_string_literal) (raw_string_literal)] @_t) ) @url
  (#eq? @_f "fmt.Sprintf") (#match? @_t "^.[a-z+]+://")
  (#set! need url))
((binary_expression left: [(interpreted_string_literal) (raw_string_literal)] @_t operator: "+") @url
  (#match? @_t "^.[a-z+]+://")
  (#set! need url))
((call_expression function: (_) @_f) @client
  (#match? @_f "^(http\\.(Get|Post|PostForm|Head|NewRequest\\w*)|\\w*[cC]lient\\w*\\.\\w+|(\\w+\\.)*(Dial|DialContext|Connect|Open|NewClient)\\w*)$")
  (#set! need client))
((call_expression function: (_) @_f) @quiet
  (#match? @_f "^(fmt\\.(Print|Fprint|Errorf)\\w*|errors\\.New|(\\w+\\.)*([lL]og|[lL]ogger|slog|logrus|klog|glog)\\.\\w+|panic|strings\\.\\w+|regexp\\.\\w+|http\\.(Error|Redirect)|\\w+\\.(Logf?|Errorf?|Fatalf?|Infof?|Debugf?|Warnf?|Skipf?|Println|Printf)|\\w*\\.?Redirect)$")
  (#set! need quiet))
((call_expression function: (_) @_f) @quiet
  (#match? @_f "(?i)origin|cors|whitelist")
  (#set! need quiet))
((keyed_element . (literal_element (_) @_k)) @quiet
  (#match? @_k "(?i)origin|cors|referer|whitelist|schema|namespace|xmlns|doc|description|usage|help|title|\\bname\\b|license|homepage|website")
  (#set! need quiet))
([(const_spec name: (_) @_k) (var_spec name: (_) @_k)] @quiet
  (#match? @_k "(?i)origin|cors|whitelist|schema|namespace|xmlns|doc|help|usage|license|homepage|website")
  (#set! need quiet))
((short_var_declaration left: (expression_list (_) @_k)) @quiet
  (#match? @_k "(?i)origin|cors|whitelist|schema|namespace|xmlns|docs?$|help|usage")
  (#set! need quiet))
(binary_expression operator: ["==" "!="] right: [(interpreted_string_literal) (raw_string_literal)] @quiet
  (#set! need quiet))
(field_declaration tag: (_) @quiet (#set! need quiet))
(import_spec path: (_) @quiet (#set! need quiet))

; --- .env files: https://pkg.go.dev/github.com/joho/godotenv#Load
((call_expression function: (_) @_f arguments: (argument_list) @files) @load
  (#any-of? @_f "godotenv.Load" "godotenv.Overload" "godotenv.Read")
  (#set! need dotenv))
((import_spec path: (_) @_p) @load
  (#eq? @_p "\"github.com/joho/godotenv/autoload\"")
  (#set! need dotenv))

; --- paths
; https://pkg.go.dev/net/http#ServeMux, gorilla/mux, chi
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
  arguments: (argument_list . (_) @path . (_) .)) @serve
  (#any-of? @_f "HandleFunc" "Handle")
  (#set! need path))
; https://pkg.go.dev/github.com/gorilla/mux#Route.Methods
((call_expression
  function: (selector_expression
    operand: (call_expression
      function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
      arguments: (argument_list . (_) @path . (_) .)) @serve
    field: (field_identifier) @_m)
  arguments: (argument_list) @method)
  (#any-of? @_f "HandleFunc" "Handle") (#eq? @_m "Methods")
  (#set! need path))
; gin, echo
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @method)
  arguments: (argument_list . (_) @path . (_))) @serve
  (#any-of? @method "GET" "HEAD" "POST" "PUT" "PATCH" "DELETE" "OPTIONS")
  (#set! need path))
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
  arguments: (argument_list . (_) @path . (_))) @serve
  (#eq? @_f "Any")
  (#set! need path) (#set! where "gin-gonic/gin|labstack/echo"))
; chi, fiber
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @method)
  arguments: (argument_list . (_) @path . (_))) @serve
  (#any-of? @method "Get" "Head" "Post" "Put" "Patch" "Delete" "Options")
  (#set! need path) (#set! where "go-chi/chi|gofiber/fiber"))
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
  arguments: (argument_list . (_) @prefix)) @group
  (#eq? @_f "Group")
  (#set! need group))
((call_expression
  function: (selector_expression
    operand: (call_expression
      function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
      arguments: (argument_list . (_) @prefix .))
    field: (field_identifier) @_s)) @group
  (#eq? @_f "PathPrefix") (#eq? @_s "Subrouter")
  (#set! need group))
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
  arguments: (argument_list . (_) @prefix . (func_literal parameters: (parameter_list . (parameter_declaration name: (identifier) @member))))) @group
  (#any-of? @_f "Route" "Group")
  (#set! need group))
((call_expression
  function: (selector_expression operand: (_) @router field: (field_identifier) @_f)
  arguments: (argument_list . (func_literal parameters: (parameter_list . (parameter_declaration name: (identifier) @member))) .)) @group
  (#eq? @_f "Group")
  (#set! need group))
((parameter_declaration name: (identifier) @group type: (_) @_t)
  (#match? @_t "^\\*?(gin\\.(RouterGroup|IRoutes|IRouter)|echo\\.Group|fiber\\.Router|mux\\.Router|chi\\.Router)$")
  (#set! need router))
; a router under a prefix: http.Handle("/api/", http.StripPrefix("/api", api))
((call_expression function: (_) @_f arguments: (argument_list . (_) @prefix . (identifier) @router .))
  (#eq? @_f "http.StripPrefix")
  (#set! need mount))
((call_expression
  function: (selector_expression field: (field_identifier) @_f)
  arguments: (argument_list . (_) @prefix . (identifier) @router .))
  (#eq? @_f "Mount")
  (#set! need mount) (#set! where "go-chi/chi|gofiber/fiber"))
