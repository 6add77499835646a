; What code in Ruby needs. The words are those of package pattern.

; --- variables: https://docs.ruby-lang.org/en/master/ENV.html
((element_reference object: [(constant) (scope_resolution)] @_o . (_) @name .) @read
  (#any-of? @_o "ENV" "::ENV")
  (#set! need variable))
; fetch: KeyError, unless a default or a block is given
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name .) !block) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "fetch")
  (#set! need variable) (#set! strict true))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name . (_) @default .)) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "fetch")
  (#set! need variable))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name .)
  block: [
    (block body: (block_body (call method: (identifier) @_e) .))
    (do_block body: (body_statement (call method: (identifier) @_e) .))
  ]) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "fetch") (#any-of? @_e "raise" "abort" "exit" "exit!" "fail")
  (#set! need variable) (#set! strict true))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name .)
  block: [(block body: (block_body (_) @default .)) (do_block body: (body_statement (_) @default .))]) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "fetch")
  (#set! need variable))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name .)
  block: [(block !body) (do_block !body)]) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "fetch")
  (#set! need variable) (#set! optional true))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name .)) @read
  (#any-of? @_o "ENV" "::ENV") (#any-of? @_f "key?" "has_key?" "include?" "member?")
  (#set! need variable) (#set! test true))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name)) @read
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "delete")
  (#set! need variable) (#set! optional true))
; every value that is asked for may be nil, and the code behind it knows
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list (string) @name @read))
  (#any-of? @_o "ENV" "::ENV") (#any-of? @_f "values_at" "slice")
  (#set! need variable) (#set! optional true))
((assignment left: (element_reference object: [(constant) (scope_resolution)] @_o . (_) @name .) right: (_) @value)
  (#any-of? @_o "ENV" "::ENV")
  (#set! need write))
((operator_assignment left: (element_reference object: [(constant) (scope_resolution)] @_o . (_) @name .) operator: "||=" right: (_) @value)
  (#any-of? @_o "ENV" "::ENV")
  (#set! need write))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @name . (_) @value .))
  (#any-of? @_o "ENV" "::ENV") (#eq? @_f "store")
  (#set! need write))
; https://github.com/bkeepers/dotenv#required-keys, https://github.com/laserlemon/figaro#required-keys
((call receiver: (constant) @_o method: (identifier) @_f arguments: (argument_list (string) @name @read))
  (#any-of? @_o "Dotenv" "Figaro") (#eq? @_f "require_keys")
  (#set! need variable) (#set! strict true))

; --- code that runs only where it is developed or tested
((if condition: (_) @_c consequence: (_) @local)
  (#match? @_c "^Rails\\.env\\.(development|test|local|staging)\\?( *(\\|\\||or) *Rails\\.env\\.(development|test|local|staging)\\?)*$")
  (#set! need local))
((elsif condition: (_) @_c consequence: (_) @local)
  (#match? @_c "^Rails\\.env\\.(development|test|local|staging)\\?( *(\\|\\||or) *Rails\\.env\\.(development|test|local|staging)\\?)*$")
  (#set! need local))
((if_modifier body: (_) @local condition: (_) @_c)
  (#match? @_c "^Rails\\.env\\.(development|test|local|staging)\\?( *(\\|\\||or) *Rails\\.env\\.(development|test|local|staging)\\?)*$")
  (#set! need local))
((conditional condition: (_) @_c consequence: (_) @local)
  (#match? @_c "^Rails\\.env\\.(development|test|local|staging)\\?$")
  (#set! need local))
((unless condition: (_) @_c consequence: (_) @local)
  (#eq? @_c "Rails.env.production?")
  (#set! need local))
((unless_modifier body: (_) @local condition: (_) @_c)
  (#eq? @_c "Rails.env.production?")
  (#set! need local))
((if condition: (_) @_c alternative: (else) @local)
  (#eq? @_c "Rails.env.production?")
  (#set! need local))
((conditional condition: (_) @_c alternative: (_) @local)
  (#eq? @_c "Rails.env.production?")
  (#set! need local))
; https://sinatrarb.com/intro.html#configuration
((call method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_e .) block: (_) @local)
  (#any-of? @_f "configure" "environment") (#any-of? @_e ":development" ":test" ":staging")
  (#set! need local))

; --- servers
; https://puma.io/puma/Puma/DSL.html#port-instance_method: every address
((call !receiver method: (identifier) @_f arguments: (argument_list . (_) @port .)) @listen
  (#eq? @_f "port")
  (#set! need listen) (#set! in puma))
((call !receiver method: (identifier) @_f arguments: (argument_list . (_) @port . (_) @host .)) @listen
  (#eq? @_f "port")
  (#set! need listen) (#set! in puma))
((call !receiver method: (identifier) @_f arguments: (argument_list . (_) @address)) @listen
  (#eq? @_f "bind")
  (#set! need listen) (#set! in puma))
; https://www.rubydoc.info/gems/unicorn/Unicorn/Configurator#listen-instance_method
((call !receiver method: (identifier) @_f arguments: (argument_list . (_) @port)) @listen
  (#eq? @_f "listen")
  (#set! need listen) (#set! in unicorn))
; https://sinatrarb.com/configuration.html: bind is 0.0.0.0, in development localhost
((call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_k . (_) @port .)) @listen
  (#eq? @_f "set") (#eq? @_k ":port")
  (#set! need listen) (#set! where "sinatra|Sinatra"))
([
  (program
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_b . (_) @host .))
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_k . (_) @port .)) @listen)
  (program
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_k . (_) @port .)) @listen
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_b . (_) @host .)))
  (body_statement
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_b . (_) @host .))
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_k . (_) @port .)) @listen)
  (body_statement
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_k . (_) @port .)) @listen
    (call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_b . (_) @host .)))
 ]
  (#eq? @_f "set") (#eq? @_b ":bind") (#eq? @_k ":port")
  (#set! need listen) (#set! where "sinatra|Sinatra"))
; https://docs.ruby-lang.org/en/master/TCPServer.html
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @host . (_) @port .)) @listen
  (#any-of? @_o "TCPServer" "::TCPServer") (#any-of? @_f "new" "open")
  (#set! need listen))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @port .)) @listen
  (#any-of? @_o "TCPServer" "::TCPServer") (#any-of? @_f "new" "open")
  (#set! need listen))
; https://github.com/rack/rackup: Port and Host
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list) @options) @listen
  (#match? @_o "^(Rack|Rackup)::(Handler(::\\w+)?|Server)$|^WEBrick::HTTPServer$") (#any-of? @_f "run" "start" "new")
  (#set! need listen))

; --- clients that are told a host
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list) @options) @call
  (#any-of? @_o "Redis" "::Redis") (#eq? @_f "new")
  (#set! need call) (#set! scheme redis))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list) @options) @call
  (#any-of? @_o "PG" "PG::Connection") (#any-of? @_f "connect" "new" "open")
  (#set! need call) (#set! scheme postgres))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list) @options) @call
  (#eq? @_o "Mysql2::Client") (#eq? @_f "new")
  (#set! need call) (#set! scheme mysql))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list) @options) @call
  (#eq? @_o "Bunny") (#any-of? @_f "new" "run")
  (#set! need call) (#set! scheme amqp))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (string) @address)) @call
  (#eq? @_o "Dalli::Client") (#eq? @_f "new")
  (#set! need call) (#set! scheme memcached))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (array . (string) @address))) @call
  (#eq? @_o "Mongo::Client") (#eq? @_f "new")
  (#set! need call) (#set! scheme mongodb))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @host . (_) @port)) @call
  (#eq? @_o "Net::SMTP") (#any-of? @_f "new" "start")
  (#set! need call) (#set! scheme smtp))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @host . (_) @port)) @call
  (#eq? @_o "Net::HTTP") (#any-of? @_f "new" "start")
  (#set! need call) (#set! scheme http))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list . (_) @host . (_) @port)) @call
  (#any-of? @_o "TCPSocket" "Socket") (#any-of? @_f "new" "open" "tcp")
  (#set! need call) (#set! scheme tcp))
; https://guides.rubyonrails.org/action_mailer_basics.html#action-mailer-configuration
((assignment left: (_) @_n right: (hash) @options) @call
  (#match? @_n "smtp_settings$")
  (#set! need call) (#set! scheme smtp))

; --- addresses in texts
((string) @url
  (#match? @url "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((binary left: (string) @_t operator: ["+" "%"]) @url
  (#match? @_t "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((call method: (identifier) @_f arguments: (argument_list . (string) @_t)) @url
  (#any-of? @_f "format" "sprintf") (#match? @_t "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((call receiver: [(constant) (scope_resolution)] @_o method: (_)) @client
  (#match? @_o "^(::)?(Faraday|HTTParty|RestClient|Net::HTTP|Excon|Typhoeus|HTTP|HTTPX|HTTPClient|Redis|RedisClient|Sequel|PG|Bunny|Mongo::Client|Elasticsearch::Client|OpenSearch::Client|ActiveRecord::Base|GRPC::\\w+)$")
  (#set! need client))
((call method: (identifier) @_f) @client
  (#any-of? @_f "base_uri" "establish_connection")
  (#set! need client))
((call !receiver method: (_) @_f) @quiet
  (#any-of? @_f "puts" "p" "pp" "print" "warn" "raise" "fail" "abort" "redirect_to" "redirect" "link_to" "source" "desc" "describe" "it" "context" "expect" "origins" "allow" "stub_request" "image_tag" "say" "notice" "bind" "homepage" "redirect_uri" "git_source" "validates" "xml_namespace" "namespace")
  (#set! need quiet))
((call receiver: (_) method: (_) @_f) @quiet
  (#any-of? @_f "start_with?" "end_with?" "include?" "gsub" "gsub!" "sub" "sub!" "match?" "delete_prefix" "split" "info" "debug" "error" "fatal" "warn" "policy" "script_src" "connect_src" "style_src" "img_src" "font_src" "frame_src" "default_src" "frame_ancestors" "form_action" "base_uri" "redirect_to" "origins" "puts" "homepage" "register_namespace" "add_namespace" "in_namespace" "at_xpath" "xpath" "css" "remote" "issue" "doc" "docs")
  (#set! need quiet))
((call receiver: [(identifier) (constant)] @_o) @quiet
  (#match? @_o "(?i)(policy|csp|logger|cors|spec|xml|builder|doc)$")
  (#set! need quiet))
((pair key: (_) @_k) @quiet
  (#any-of? @_k "origin" "origins" "cors" "allowed_origins" "allow" "allowed" "trusted" "trusted_origins" "referer" "whitelist" "schema" "xmlns" "namespace" "description" "help" "homepage" "example" "placeholder" "redirect" "redirect_uri" "redirect_url" "callback" "callback_url" "license" "author" "hint" "href" "issuer" "audience" "homepage_uri" "source_code_uri" "changelog_uri" "documentation_uri" "bug_tracker_uri" "doc" "docs" "docs_url" ":origin" ":origins" ":allow" ":schema" ":xmlns" ":namespace" ":description" ":redirect_uri" ":redirect_url" ":callback" ":callback_url" ":href" ":issuer")
  (#set! need quiet))
((assignment left: (call method: (_) @_k)) @quiet
  (#any-of? @_k "hosts" "asset_host" "default_url_options" "homepage" "license" "description" "metadata" "allowed_request_origins" "origins" "redirect_uri" "callback_url" "issuer" "audience")
  (#set! need quiet))
((assignment left: [(identifier) (constant) (instance_variable)] @_k) @quiet
  (#match? @_k "(?i)(origins?|cors|whitelist|allowed|trusted|schema|xmlns|namespace|_ns|docs?(_url)?|description|example|homepage|metadata|license|redirect_ur[il]|callback_url|issuer|audience|vocab)$")
  (#set! need quiet))
((binary operator: ["==" "!=" "=~"] right: (string) @quiet) (#set! need quiet))
((binary left: (string) @quiet operator: ["==" "!=" "=~"]) (#set! need quiet))
((when (pattern (string) @quiet)) (#set! need quiet))

; https://guides.rubyonrails.org/action_mailer_basics.html#generating-urls-in-action-mailer-views
((assignment left: (call method: (_) @_k)) @link
  (#any-of? @_k "default_url_options" "asset_host")
  (#set! need link))

; --- .env files: https://github.com/bkeepers/dotenv
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list)? @files) @load
  (#match? @_o "^Dotenv(::Rail(tie|s))?$") (#any-of? @_f "load" "overload" "overwrite")
  (#set! need dotenv))
((call receiver: [(constant) (scope_resolution)] @_o method: (identifier) @_f arguments: (argument_list)? @files) @load
  (#match? @_o "^Dotenv$") (#any-of? @_f "load!" "overload!" "overwrite!")
  (#set! need dotenv) (#set! fatal true))
((call method: (identifier) @_f arguments: (argument_list . (string) @_t)) @load
  (#any-of? @_f "require") (#match? @_t "^.dotenv/load.$")
  (#set! need dotenv))

; --- paths
; https://sinatrarb.com/intro.html#routes
((call !receiver method: (identifier) @method arguments: (argument_list . (string) @path) block: (_)) @serve
  (#any-of? @method "get" "head" "post" "put" "patch" "delete" "options")
  (#set! need path) (#set! where "sinatra|Sinatra"))
; https://guides.rubyonrails.org/routing.html: what stands in no namespace and no
; scope
((call method: (identifier) @_d block: (do_block body: (body_statement
  (call !receiver method: (identifier) @method arguments: (argument_list . (string) @path)) @serve)))
  (#eq? @_d "draw") (#any-of? @method "get" "post" "put" "patch" "delete")
  (#set! need path) (#set! in routes) (#set! relative true))
((call method: (identifier) @_d block: (do_block body: (body_statement
  (call !receiver method: (identifier) @method arguments: (argument_list . (pair key: (string) @path))) @serve)))
  (#eq? @_d "draw") (#any-of? @method "get" "post" "put" "patch" "delete")
  (#set! need path) (#set! in routes) (#set! relative true))
((call method: (identifier) @_d block: (do_block body: (body_statement
  (call !receiver method: (identifier) @_r arguments: (argument_list)) @root)))
  (#eq? @_d "draw") (#eq? @_r "root")
  (#set! need root) (#set! in routes))
