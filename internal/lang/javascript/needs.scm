; What code in JavaScript and TypeScript needs. The words are those of package
; pattern.

; --- variables
; https://nodejs.org/api/process.html#processenv, https://bun.sh/docs/runtime/env
((member_expression) @environment
  (#any-of? @environment "process.env" "process?.env" "globalThis.process.env" "global.process.env" "Bun.env")
  (#set! need environment))
; https://vite.dev/guide/env-and-mode: replaced when the bundle is built
((member_expression) @environment
  (#eq? @environment "import.meta.env")
  (#set! need environment) (#set! phase build) (#set! vite true))
((import_statement (import_clause (named_imports (import_specifier name: (identifier) @environment @_e))) source: (string (string_fragment) @_m))
  (#eq? @_e "env") (#any-of? @_m "process" "node:process" "bun" "$env/dynamic/private" "$env/dynamic/public")
  (#set! need environment))
((variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @environment @_e) value: (identifier) @_p)
  (#eq? @_e "env") (#eq? @_p "process")
  (#set! need environment))
((variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @_e value: (identifier) @environment)) value: (identifier) @_p)
  (#eq? @_e "env") (#eq? @_p "process")
  (#set! need environment))
; https://svelte.dev/docs/kit/$env-static-private
((import_statement (import_clause (named_imports (import_specifier name: (identifier) @name @read))) source: (string (string_fragment) @_m))
  (#any-of? @_m "$env/static/private" "$env/static/public")
  (#set! need variable) (#set! phase build) (#set! imported true))

((export_statement (lexical_declaration (variable_declarator name: (identifier) @name value: (member_expression) @object)))
  (#any-of? @object "process.env" "Bun.env") (#match? @name "(?i)env$")
  (#set! need export))
((import_statement (import_clause (named_imports (import_specifier name: (identifier) @name @local !alias))) source: (string (string_fragment) @source))
  (#match? @name "(?i)env$")
  (#set! need import))
((variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name @local) value: (call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @source))))
  (#eq? @_f "require") (#match? @name "(?i)env$")
  (#set! need import))

((member_expression object: [(identifier) (member_expression)] @object property: (property_identifier) @name) @read
  (#match? @object "(?i)env$")
  (#set! need access))
((subscript_expression object: [(identifier) (member_expression)] @object index: (_) @name) @read
  (#match? @object "(?i)env$")
  (#set! need access))
((variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name @read) value: [(identifier) (member_expression)] @object)
  (#match? @object "(?i)env$")
  (#set! need access))
((variable_declarator name: (object_pattern (object_assignment_pattern left: (_) @name @read right: (_) @default)) value: [(identifier) (member_expression)] @object)
  (#match? @object "(?i)env$")
  (#set! need access))
((variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @name value: (identifier) @read)) value: [(identifier) (member_expression)] @object)
  (#match? @object "(?i)env$")
  (#set! need access))
((variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @name value: (assignment_pattern left: (identifier) @read right: (_) @default))) value: [(identifier) (member_expression)] @object)
  (#match? @object "(?i)env$")
  (#set! need access))
((binary_expression left: (string) @name operator: "in" right: [(identifier) (member_expression)] @object) @read
  (#match? @object "(?i)env$")
  (#set! need access) (#set! test true))
; https://joi.dev/api: a schema beside the settings that it describes
((call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @_m))) @joi
  (#eq? @_f "require") (#any-of? @_m "joi" "@hapi/joi")
  (#set! need mirror))
((import_statement source: (string (string_fragment) @_m)) @joi
  (#any-of? @_m "joi" "@hapi/joi")
  (#set! need mirror))
; https://docs.deno.com/api/deno/~/Deno.Env
((call_expression function: (member_expression) @_f arguments: (arguments . (_) @name .)) @read
  (#eq? @_f "Deno.env.get")
  (#set! need variable))
((call_expression function: (member_expression) @_f arguments: (arguments . (_) @name .)) @read
  (#eq? @_f "Deno.env.has")
  (#set! need variable) (#set! test true))
; https://docs.nestjs.com/techniques/configuration
((call_expression
  function: (member_expression object: (_) @_o property: (property_identifier) @_p)
  arguments: (arguments . (string) @name . (_)? @default)) @read
  (#match? @_o "(?i)config(service)?$") (#eq? @_p "get")
  (#set! need variable) (#set! where "ConfigService") (#set! key true))
((call_expression
  function: (member_expression object: (_) @_o property: (property_identifier) @_p)
  arguments: (arguments . (string) @name . (_)? @default)) @read
  (#match? @_o "(?i)config(service)?$") (#eq? @_p "getOrThrow")
  (#set! need variable) (#set! where "ConfigService") (#set! key true) (#set! strict true))

((assignment_expression left: (member_expression object: (_) @object property: (property_identifier) @name) right: (_) @value)
  (#match? @object "(?i)env$")
  (#set! need write))
((assignment_expression left: (subscript_expression object: (_) @object index: (_) @name) right: (_) @value)
  (#match? @object "(?i)env$")
  (#set! need write))
((augmented_assignment_expression left: (member_expression object: (_) @object property: (property_identifier) @name) operator: ["||=" "??="] right: (_) @value)
  (#match? @object "(?i)env$")
  (#set! need write))

; names in a list, of which it is asked which are absent
((call_expression
  function: (member_expression object: (_) @list property: (property_identifier) @_p)
  arguments: (arguments . (arrow_function body: (unary_expression) @_c))) @whole
  (#eq? @_p "filter") (#match? @_c "^!process\\.env\\[\\w+\\]$")
  (#set! need listed))
((call_expression
  function: (member_expression object: (_) @list property: (property_identifier) @_p)
  arguments: (arguments . (arrow_function body: (statement_block . (if_statement condition: (_) @_c))))) @whole
  (#eq? @_p "forEach") (#match? @_c "^\\(!process\\.env\\[\\w+\\]\\)$")
  (#set! need listed))
((for_in_statement right: (_) @list body: (statement_block . (if_statement condition: (_) @_c))) @whole
  (#match? @_c "^\\(!process\\.env\\[\\w+\\]\\)$")
  (#set! need listed))

; --- schemas: https://zod.dev, https://github.com/af/envalid, https://env.t3.gg
((call_expression
  function: (member_expression object: (_) @schema property: (property_identifier) @_p)
  arguments: (arguments . (_) @object)) @call
  (#any-of? @_p "parse" "safeParse" "parseAsync" "safeParseAsync") (#match? @object "(?i)env$")
  (#set! need schema))
((call_expression function: (_) @_f arguments: (arguments . (_) @object . (object) @schema)) @call
  (#any-of? @_f "cleanEnv" "envalid.cleanEnv")
  (#set! need schema))
((call_expression function: (identifier) @_f arguments: (arguments . (object (pair key: (_) @_k value: (object) @schema)))) @call
  (#eq? @_f "createEnv") (#any-of? @_k "server" "client" "shared")
  (#set! need schema) (#set! where "t3-oss") (#set! explicit true))

; https://joi.dev/api: a key is optional that is not required()
((call_expression
  function: (member_expression object: (_) @schema property: (property_identifier) @_p)
  arguments: (arguments . (_) @object)) @call
  (#any-of? @_p "validate" "validateAsync") (#match? @object "(?i)env$")
  (#set! need schema) (#set! joi true))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (_) @object . (_) @schema)) @call
  (#any-of? @_p "attempt" "assert") (#match? @object "(?i)env$")
  (#set! need schema) (#set! joi true))
; https://docs.nestjs.com/techniques/configuration#schema-validation
((pair key: (property_identifier) @_k value: (_) @schema) @call
  (#eq? @_k "validationSchema")
  (#set! need schema) (#set! where "ConfigModule") (#set! explicit true) (#set! joi true))
; https://valibot.dev/guides/parse-data/
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (_) @schema . (_) @object)) @call
  (#any-of? @_p "parse" "safeParse") (#match? @object "(?i)env$")
  (#set! need schema))
((call_expression function: (identifier) @_f arguments: (arguments . (_) @schema)) @call
  (#eq? @_f "convict")
  (#set! need settings))
((call_expression
  function: (member_expression object: (identifier) @_o property: (property_identifier) @_p)
  arguments: (arguments . (string) @name .)) @call
  (#any-of? @_o "env" "envVar") (#eq? @_p "get")
  (#set! need asked) (#set! where "'env-var'|\"env-var\""))

; --- servers
; https://nodejs.org/api/net.html#serverlisten: without host, every address;
; https://expressjs.com/en/api.html#app.listen is the same
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . [(number) (string) (identifier) (member_expression) (subscript_expression) (call_expression) (binary_expression) (ternary_expression) (unary_expression)] @port)) @listen
  (#eq? @_p "listen")
  (#set! need listen))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . [(number) (string) (identifier) (member_expression) (subscript_expression) (call_expression) (binary_expression) (ternary_expression) (unary_expression)] @port
    . [(string) (template_string) (identifier) (member_expression) (subscript_expression) (binary_expression)] @host)) @listen
  (#eq? @_p "listen")
  (#set! need listen))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (object) @options)) @listen
  (#eq? @_p "listen")
  (#set! need listen))
; https://fastify.dev/docs/latest/Reference/Server/#listen: localhost
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (object) @options)) @listen
  (#eq? @_p "listen")
  (#set! need listen) (#set! host localhost)
  (#set! where "require('fastify')|require(\"fastify\")|from 'fastify'|from \"fastify\""))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . [(number) (string) (identifier) (member_expression) (binary_expression) (call_expression)] @port)) @listen
  (#eq? @_p "listen") (#not-match? @port "(?i)(opts|options?|config|settings|params|args)$")
  (#set! need listen) (#set! host localhost)
  (#set! where "require('fastify')|require(\"fastify\")|from 'fastify'|from \"fastify\""))
; https://bun.sh/docs/api/http: port 3000, every address;
; https://docs.deno.com/api/deno/~/Deno.serve: port 8000
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @listen
  (#eq? @_f "Bun.serve")
  (#set! need listen) (#set! port "3000"))
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @listen
  (#eq? @_f "Deno.serve")
  (#set! need listen) (#set! port "8000"))
((call_expression function: (_) @_f arguments: (arguments . [(arrow_function) (identifier)])) @listen
  (#eq? @_f "Deno.serve")
  (#set! need listen) (#set! port "8000"))
; https://github.com/honojs/node-server#usage
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @listen
  (#eq? @_f "serve")
  (#set! need listen) (#set! port "3000") (#set! where "@hono/node-server"))
; https://github.com/websockets/ws/blob/master/doc/ws.md
((new_expression constructor: (_) @_c arguments: (arguments . (object (pair key: (_) @_k)) @options)) @listen
  (#any-of? @_c "WebSocketServer" "WebSocket.Server" "WebSocket.WebSocketServer") (#eq? @_k "port")
  (#set! need listen))
; https://www.apollographql.com/docs/apollo-server/api/standalone: port 4000
((call_expression function: (_) @_f arguments: (arguments . (_) . (object (pair key: (_) @_k value: (object) @options)))) @listen
  (#eq? @_f "startStandaloneServer") (#eq? @_k "listen")
  (#set! need listen) (#set! port "4000"))

; https://grpc.github.io/grpc/node/grpc.Server.html
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (_) @address . (_))) @listen
  (#eq? @_p "bindAsync")
  (#set! need listen))

; --- clients that are told a host
((new_expression constructor: (_) @_c arguments: (arguments . (object) @options)) @call
  (#any-of? @_c "Redis" "IORedis")
  (#set! need call) (#set! scheme redis))
((new_expression constructor: (_) @_c arguments: (arguments . [(number) (identifier) (member_expression)] @port . [(string) (identifier) (member_expression)] @host)) @call
  (#any-of? @_c "Redis" "IORedis")
  (#set! need call) (#set! scheme redis))
((call_expression function: (_) @_f arguments: (arguments . (object (pair key: (_) @_k value: (object) @options)))) @call
  (#match? @_f "^((redis|Redis)\\.)?createClient$") (#eq? @_k "socket")
  (#set! need call) (#set! scheme redis))
((new_expression constructor: (_) @_c arguments: (arguments . (object) @options)) @call
  (#any-of? @_c "Pool" "Client" "pg.Pool" "pg.Client")
  (#set! need call) (#set! scheme postgres) (#set! where "require('pg')|require(\"pg\")|from 'pg'|from \"pg\""))
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @call
  (#match? @_f "^mysql2?\\.create(Connection|Pool)$")
  (#set! need call) (#set! scheme mysql))
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @call
  (#match? @_f "^(nodemailer\\.)?createTransport$")
  (#set! need call) (#set! scheme smtp))
((call_expression function: (_) @_f arguments: (arguments . (_) @port . (_) @host)) @call
  (#any-of? @_f "net.connect" "net.createConnection")
  (#set! need call) (#set! scheme tcp))
((call_expression function: (_) @_f arguments: (arguments . (object) @options)) @call
  (#any-of? @_f "net.connect" "net.createConnection")
  (#set! need call) (#set! scheme tcp))

; --- addresses in texts
([(string) (template_string)] @url
  (#match? @url "^.[a-z][a-z+]*://")
  (#set! need url) (#set! alone "http://|ws://|wss://|postgres|mysql://|redis|amqp|mongodb|nats://|kafka://|smtp|ldap|process.env|process?.env|Deno.env|Bun.env|import.meta.env"))
((binary_expression left: [(string) (template_string)] @_t operator: "+") @url
  (#match? @_t "^.[a-z][a-z+]*://")
  (#set! need url) (#set! alone "http://|ws://|wss://|postgres|mysql://|redis|amqp|mongodb|nats://|kafka://|smtp|ldap|process.env|process?.env|Deno.env|Bun.env|import.meta.env"))
((call_expression function: (_) @_f arguments: (arguments . (_) @client))
  (#match? @_f "^(\\$?fetch|axios(\\.\\w+)?|got(\\.\\w+)?|ky(\\.\\w+)?|request(\\.\\w+)?|superagent\\.\\w+|https?\\.(get|request)|\\w*[cC]lient\\.\\w+|(\\w+\\.)?(connect|createClient|createConnection|createPool)|io)$")
  (#set! need client))
((new_expression constructor: (_) @_c arguments: (arguments . (_) @client))
  (#match? @_c "^(WebSocket|EventSource|Redis|IORedis|Pool|Client|Sequelize|MongoClient|\\w*Client)$")
  (#set! need client))
((call_expression function: (_) @_f) @quiet
  (#match? @_f "^((console|log|logger|winston|pino|chalk|(this\\.|\\w+\\.)*log(ger)?)(\\.\\w+)+|log|debug|info|warn|print|cors|require|import|expect|describe|it|test)$")
  (#set! need quiet))
((call_expression function: (member_expression property: (property_identifier) @_p)) @quiet
  (#match? @_p "^(startsWith|endsWith|includes|replace|replaceAll|match|test|indexOf|redirect|enableCors|setDescription|addServer|setContact|setLicense|log|info|debug|warn|error)$")
  (#set! need quiet))
; what is written into the description of an API is for those who call it
((call_expression function: (_) @_f) @quiet
  (#match? @_f "(?i)(openapi|swagger)\\w*$")
  (#set! need quiet))
((new_expression constructor: (_) @_c) @quiet
  (#match? @_c "(Error|Exception|RegExp)$")
  (#set! need quiet))
; the base of a relative URL that is taken apart stands for no server
((new_expression constructor: (_) @_c arguments: (arguments . (_) @_u . (_) @quiet .))
  (#eq? @_c "URL") (#match? @_u "^(req|request|ctx|this\\.req|event|c)\\b|\\.url$|^url$|^path")
  (#set! need quiet))
((pair key: (_) @_k) @quiet
  (#match? @_k "(?i)^(dev|test)_?default$|origin|cors|referer|whitelist|allowed|trusted|\\$?schema|xmlns|namespace|docs?\\W*$|description|help|homepage|example|servers|callback|redirect|license|author|repository|csp|policy|(default|connect|script|img|style|font|frame)-?src")
  (#set! need quiet))
((variable_declarator name: (_) @_k) @quiet
  (#match? @_k "(?i)origin|cors|whitelist|allowed|trusted|schema$|xmlns|namespace|docs?$|description|help|example|swagger|csp")
  (#set! need quiet))
(binary_expression operator: ["==" "===" "!=" "!=="] right: [(string) (template_string)] @quiet
  (#set! need quiet))
((throw_statement) @quiet (#set! need quiet))
(import_statement source: (_) @quiet (#set! need quiet))

; --- .env files: https://github.com/motdotla/dotenv
((call_expression function: (member_expression object: (_) @_o property: (property_identifier) @_p) arguments: (arguments) @files) @load
  (#match? @_o "^(dotenv\\w*|require\\(['\"](dotenv|dotenv-safe|@dotenvx/dotenvx)['\"]\\))$") (#eq? @_p "config")
  (#set! need dotenv))
((call_expression function: (identifier) @_f arguments: (arguments) @files) @load
  (#any-of? @_f "config" "dotenvConfig" "configDotenv") 
  (#set! need dotenv) (#set! where "from 'dotenv'|from \"dotenv\"|require('dotenv')|require(\"dotenv\")"))
((import_statement source: (string (string_fragment) @_m)) @load
  (#any-of? @_m "dotenv/config" "dotenv/config.js" "dotenv-safe/config" "@dotenvx/dotenvx/config")
  (#set! need dotenv))
((call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @_m))) @load
  (#eq? @_f "require") (#any-of? @_m "dotenv/config" "dotenv-safe/config" "@dotenvx/dotenvx/config")
  (#set! need dotenv))
; https://nodejs.org/api/process.html#processloadenvfilepath: throws without the file
((call_expression function: (_) @_f arguments: (arguments) @files) @load
  (#eq? @_f "process.loadEnvFile")
  (#set! need dotenv) (#set! fatal true))

; --- paths: express, fastify, koa-router, hono
((call_expression
  function: (member_expression object: (_) @router property: (property_identifier) @method)
  arguments: (arguments . [(string) (template_string)] @path (_)* . [(arrow_function) (identifier) (member_expression) (call_expression)] .)) @serve
  (#any-of? @method "get" "head" "post" "put" "patch" "delete" "options" "all")
  (#match? @router "(?i)^(this\\.)?(\\w*(app|router|routes?|server|fastify)|srv|instance|hono)$")
  (#match? @path "^./")
  (#set! need path) (#set! fits "\\.(?:get|head|post|put|patch|delete|options|all)\\s*(?:\\?\\.)?(?:<|\\((?:\\s|//.*\\n)*(?:/\\*|[\"'`]/))"))
((call_expression
  function: (member_expression object: (_) @router property: (property_identifier) @method)
  arguments: (arguments . [(string) (template_string)] @path (_)* . (arrow_function) .)) @serve
  (#any-of? @method "get" "head" "post" "put" "patch" "delete" "options" "all")
  (#match? @router "(?i)^(api|v\\d+|r)$")
  (#match? @path "^./")
  (#set! need path) (#set! fits "\\.(?:get|head|post|put|patch|delete|options|all)\\s*(?:\\?\\.)?(?:<|\\((?:\\s|//.*\\n)*(?:/\\*|[\"'`]/))"))
((call_expression
  function: (member_expression
    object: (call_expression
      function: (member_expression object: (_) @router property: (property_identifier) @_r)
      arguments: (arguments . (string) @path .))
    property: (property_identifier) @method)) @serve
  (#eq? @_r "route") (#any-of? @method "get" "head" "post" "put" "patch" "delete" "all")
  (#set! need path))
((call_expression function: (_) @_f) @group
  (#match? @_f "(^|\\.)Router$")
  (#set! need router))
((new_expression constructor: (_) @_c) @group
  (#match? @_c "Router$")
  (#set! need router))
((new_expression constructor: (_) @_c arguments: (arguments . (object (pair key: (_) @_k value: (_) @prefix)))) @group
  (#any-of? @_c "Router" "KoaRouter") (#eq? @_k "prefix")
  (#set! need group))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (string) @prefix (_)* . (identifier) @router .))
  (#any-of? @_p "use" "route")
  (#set! need mount))
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (identifier) @router .))
  (#eq? @_p "use")
  (#set! need mount))
; https://github.com/koajs/router: app.use(router.routes())
((call_expression
  function: (member_expression property: (property_identifier) @_p)
  arguments: (arguments . (call_expression function: (member_expression object: (identifier) @router property: (property_identifier) @_r))))
  (#eq? @_p "use") (#eq? @_r "routes")
  (#set! need mount))
((call_expression function: (identifier) @_f
  arguments: (arguments . (string) @prefix . (identifier) @router .))
  (#eq? @_f "mount")
  (#set! need mount))
; a plugin of fastify is registered elsewhere, under any prefix
((formal_parameters . (_) @group @_n)
  (#match? @_n "^fastify")
  (#set! need router))
