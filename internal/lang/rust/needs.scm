; What code in Rust needs. The words are those of package pattern; those of this
; folder are own: bound, settings, argument, attribute, route.

; --- variables: https://doc.rust-lang.org/std/env/index.html
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @name .)) @read
  (#match? @_f "^(std::)?env::(var|var_os)$|^dotenvy?::var$")
  (#set! need variable))
((call_expression function: (identifier) @_f arguments: (arguments . (_) @name .)) @read
  (#any-of? @_f "var" "var_os")
  (#set! need variable) (#set! where "env::var;|env::{var"))
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @name . (_) @value .))
  (#match? @_f "^(std::)?env::set_var$")
  (#set! need write))
; https://doc.rust-lang.org/std/macro.env.html: the compiler reads it
((macro_invocation macro: (identifier) @_m (token_tree . (string_literal) @name)) @read
  (#eq? @_m "env")
  (#set! need variable) (#set! phase build) (#set! strict true))
((macro_invocation macro: (identifier) @_m (token_tree . (string_literal) @name)) @read
  (#eq? @_m "option_env")
  (#set! need variable) (#set! phase build) (#set! optional true))
; https://docs.rs/clap/latest/clap/struct.Arg.html#method.env
((field_declaration_list (attribute_item (attribute (identifier) @_a arguments: (token_tree) @options)) @argument)
  (#any-of? @_a "arg" "clap" "structopt" "argh") (#match? @options "\\benv\\b")
  (#set! need argument))
; https://docs.rs/envy
((call_expression function: (generic_function function: (_) @_f type_arguments: (type_arguments . (_) @type))) @settings
  (#match? @_f "envy::from_env$|envy::prefixed\\([^)]*\\)\\s*\\.from_env$")
  (#set! need settings))
((let_declaration type: (_) @type value: (_) @_v) @settings
  (#match? @_v "^envy::(from_env|prefixed\\([^)]*\\)\\s*\\.from_env)\\(")
  (#set! need settings))
; https://docs.rs/figment/latest/figment/providers/struct.Env.html
((let_declaration type: (_) @type value: (_) @_v) @settings
  (#match? @_v "\\bEnv::prefixed\\(") (#match? @_v "\\.extract\\(\\)")
  (#set! need settings))
((call_expression function: (generic_function function: (_) @_f type_arguments: (type_arguments . (_) @type))) @settings
  (#match? @_f "\\bEnv::prefixed\\([\\s\\S]*\\.extract$")
  (#set! need settings))

; --- code that runs only where it is developed or tested
((source_file (attribute_item (attribute (identifier) @_a arguments: (token_tree) @_t)) . [(mod_item) (function_item) (impl_item)] @local)
  (#eq? @_a "cfg") (#match? @_t "^\\((test|debug_assertions|all\\(test|any\\(test)")
  (#set! need local))
((source_file (attribute_item (attribute [(identifier) (scoped_identifier)] @_a)) . (function_item) @local)
  (#match? @_a "^(test|tokio::test|actix_web::test|actix_rt::test|rstest|sqlx::test)$")
  (#set! need local))
((block (attribute_item (attribute (identifier) @_a arguments: (token_tree) @_t)) . (_) @local)
  (#eq? @_a "cfg") (#match? @_t "^\\((test|debug_assertions|all\\(test)")
  (#set! need local))

; --- servers
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @address)) @bound
  (#match? @_f "(^|::)(TcpListener|Server)::bind$")
  (#set! need bound))
; https://docs.rs/actix-web/latest/actix_web/struct.HttpServer.html#method.bind
((call_expression function: (field_expression value: (_) @_o field: (field_identifier) @_f) arguments: (arguments . (_) @address .)) @bound
  (#match? @_o "HttpServer::new") (#any-of? @_f "bind" "bind_rustls" "bind_openssl" "bind_auto_h2c")
  (#set! need bound))
; https://docs.rs/warp/latest/warp/struct.Server.html#method.run
((call_expression function: (field_expression value: (call_expression function: (scoped_identifier) @_o) field: (field_identifier) @_f) arguments: (arguments . (_) @address .)) @bound
  (#eq? @_o "warp::serve") (#eq? @_f "run")
  (#set! need bound))

; --- addresses in texts
((string_literal) @url
  (#match? @url "^\"[a-z][a-z0-9+]*://")
  (#set! need url))
((macro_invocation macro: (identifier) @_m (token_tree . (string_literal) @_t)) @url
  (#eq? @_m "format") (#match? @_t "^\"[a-z][a-z0-9+]*://")
  (#set! need url))
((call_expression function: (scoped_identifier) @_f) @client
  (#match? @_f "(^|::)(reqwest(::blocking)?::get|(Pg|MySql|Any)Pool::(connect|connect_lazy)|\\w*Connection::establish|redis::Client::open|Client::(open|connect|with_uri_str)|\\w*Channel::from_static|connect_async|\\w*Client::connect)$")
  (#set! need client))
((call_expression function: (field_expression value: (_) @_o field: (field_identifier) @_f)) @client
  (#match? @_o "(?i)client\\W*$|^(reqwest|awc)::") (#any-of? @_f "get" "post" "put" "patch" "delete" "head" "request")
  (#set! need client))
((macro_invocation macro: (_) @_m) @quiet
  (#any-of? @_m "println" "eprintln" "print" "eprint" "info" "warn" "error" "debug" "trace" "panic" "log::info" "tracing::info" "assert_eq" "assert" "assert_ne" "bail" "anyhow")
  (#set! need quiet))
((attribute_item) @quiet (#set! need quiet))
((call_expression function: (field_expression field: (field_identifier) @_f)) @quiet
  (#any-of? @_f "starts_with" "ends_with" "contains" "replace" "expect" "allowed_origin" "context" "help" "about" "strip_prefix" "trim_start_matches" "split_once")
  (#set! need quiet))
((const_item name: (identifier) @_k) @quiet
  (#match? @_k "(?i)(origins?|schema|xmlns|namespace|_ns|docs?(_url)?|description|example|homepage|license|help|repo(sitory)?(_url)?|issuer|user_agent|context)$")
  (#set! need quiet))
((binary_expression operator: ["==" "!="]) @quiet (#set! need quiet))
((match_pattern) @quiet (#set! need quiet))

; --- .env files: https://docs.rs/dotenvy
((call_expression function: [(identifier) (scoped_identifier)] @_f arguments: (arguments)) @load
  (#match? @_f "^(dotenvy?::)?dotenv(_override)?$")
  (#set! need dotenv) (#set! where "dotenv"))
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @file)) @load
  (#match? @_f "^dotenvy?::from_(filename|path)(_override)?$")
  (#set! need dotenv))

; --- paths
; https://docs.rs/actix-web/latest/actix_web/#attributes
((attribute_item (attribute (identifier) @method arguments: (token_tree . (string_literal) @path))) @attribute
  (#any-of? @method "get" "post" "put" "patch" "delete" "head")
  (#set! need attribute) (#set! where "HttpServer::new|rocket::build"))
; https://docs.rs/axum/latest/axum/struct.Router.html#method.route
((call_expression function: (field_expression value: (_) field: (field_identifier) @_f) arguments: (arguments . (_) @path . (_) @methods .)) @route
  (#eq? @_f "route")
  (#set! need route) (#set! where "axum::serve|Server::bind|HttpServer::new"))

; --- programs and files
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @name .)) @program
  (#match? @_f "(^|::)Command::new$")
  (#set! need program) (#set! lacks "clap::Command"))
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @path)) @reading
  (#match? @_f "(^|::)(fs::(read|read_to_string|read_dir)|File::open|NamedFile::open)$")
  (#set! need reading))
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @path)) @writing
  (#match? @_f "(^|::)(fs::(write|create_dir|create_dir_all)|File::create)$")
  (#set! need writing))

; --- what is kept in memory: https://docs.rs/tower-sessions
((call_expression function: (scoped_identifier) @_f) @state
  (#match? @_f "(^|::)MemoryStore::(default|new)$")
  (#set! need state) (#set! sort session) (#set! library "tower-sessions") (#set! where "tower_sessions"))
((call_expression function: (scoped_identifier) @_f) @state
  (#match? @_f "(^|::)MemoryStore::(default|new)$")
  (#set! need state) (#set! sort session) (#set! library "async-session") (#set! where "async_session|axum_sessions"))

; --- schedules: https://docs.rs/tokio-cron-scheduler
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @schedule)) @timer
  (#match? @_f "(^|::)Job::(new|new_async|new_tz|new_async_tz|new_cron_job|new_cron_job_async)$")
  (#set! need timer) (#set! library "tokio-cron-scheduler") (#set! where "tokio_cron_scheduler"))
