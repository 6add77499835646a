; What code in PHP needs. The words are those of package pattern; those of this
; folder are own: envs, placeholder, dsn, served, attribute, timer, state, exec.

; --- variables: https://www.php.net/manual/en/function.getenv.php
((function_call_expression function: [(name) (qualified_name)] @_f arguments: (arguments . (argument . (_) @name .))) @read
  (#match? @_f "^\\\\?(apache_)?getenv$")
  (#set! need variable))
; https://www.php.net/manual/en/reserved.variables.environment.php
((subscript_expression . (variable_name) @_o . (_) @name .) @read
  (#eq? @_o "$_ENV")
  (#set! need variable))
((subscript_expression . (variable_name) @_o . (_) @name .) @read
  (#eq? @_o "$_SERVER")
  (#set! need variable) (#set! server true))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @name) . (argument (variable_name) @_o))) @read
  (#any-of? @_f "array_key_exists" "key_exists") (#any-of? @_o "$_ENV" "$_SERVER")
  (#set! need variable) (#set! test true) (#set! server true))
((assignment_expression left: (subscript_expression . (variable_name) @_o . (_) @name .) right: (_) @value)
  (#any-of? @_o "$_ENV" "$_SERVER")
  (#set! need write))
; https://laravel.com/docs/configuration#retrieving-environment-configuration,
; https://github.com/oscarotero/env, https://book.cakephp.org: null where it is absent
((function_call_expression function: [(name) (qualified_name)] @_f arguments: (arguments . (argument . (_) @name .) .)) @read
  (#match? @_f "^(\\\\?Env\\\\)?env$")
  (#set! need variable) (#set! call env))
((function_call_expression function: [(name) (qualified_name)] @_f arguments: (arguments . (argument . (_) @name .) . (argument (_) @default))) @read
  (#match? @_f "^(\\\\?Env\\\\)?env$")
  (#set! need variable) (#set! call env))
((scoped_call_expression scope: [(name) (qualified_name)] @_o name: (name) @_f arguments: (arguments . (argument . (_) @name .) .)) @read
  (#match? @_o "(^|\\\\)Env$") (#any-of? @_f "get" "string" "integer" "boolean")
  (#set! need variable) (#set! call env))
((scoped_call_expression scope: [(name) (qualified_name)] @_o name: (name) @_f arguments: (arguments . (argument . (_) @name .) . (argument (_) @default))) @read
  (#match? @_o "(^|\\\\)Env$") (#any-of? @_f "get" "string" "integer" "boolean")
  (#set! need variable) (#set! call env))
((scoped_call_expression scope: [(name) (qualified_name)] @_o name: (name) @_f arguments: (arguments . (argument . (_) @name .))) @read
  (#match? @_o "(^|\\\\)Env$") (#any-of? @_f "getOrFail" "getRequired")
  (#set! need variable) (#set! strict true))
; https://github.com/vlucas/phpdotenv#requiring-variables-to-be-set
((member_call_expression name: (name) @_f arguments: (arguments . (argument . (string) @name @read .) .))
  (#eq? @_f "required")
  (#set! need variable) (#set! strict true) (#set! where "Dotenv"))
((member_call_expression name: (name) @_f arguments: (arguments . (argument (array_creation_expression (array_element_initializer . [(string) (encapsed_string)] @name @read .)))))
  (#eq? @_f "required")
  (#set! need variable) (#set! strict true) (#set! where "Dotenv"))
; https://symfony.com/doc/current/configuration/env_var_processors.html
([(string) (encapsed_string)] @placeholder
  (#match? @placeholder "%env\\(")
  (#set! need placeholder))
; https://symfony.com/doc/current/service_container/autowiring.html
((attribute . [(name) (qualified_name)] @_a parameters: (arguments (argument name: (name) @_k [(string) (encapsed_string)] @name @read)))
  (#match? @_a "(^|\\\\)Autowire$") (#eq? @_k "env")
  (#set! need variable) (#set! strict true))

; --- code that runs only where it is developed or tested
((if_statement condition: (_) @_c body: (_) @local)
  (#match? @_c "^\\((app\\(\\)|App|\\$this->app|\\$app)(->|::)(isLocal\\(\\)|runningUnitTests\\(\\)|environment\\((\\[?['\"](local|testing|dev|development)['\"],? ?\\]?)+\\))\\)$")
  (#set! need local))

; --- servers
; https://wiki.swoole.com/en/#/http_server, https://openswoole.com/docs
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (_) @host) . (argument (_) @port))) @listen
  (#match? @_o "(^|\\\\)(Server)$")
  (#set! need listen) (#set! where "Swoole|swoole"))
; https://www.workerman.net, https://reactphp.org/socket/#socketserver
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (_) @address))) @listen
  (#match? @_o "(^|\\\\)(Worker|SocketServer|TcpServer)$")
  (#set! need listen) (#set! where "Workerman|React\\"))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @address))) @listen
  (#eq? @_f "stream_socket_server")
  (#set! need listen))

; --- clients that are told a host
; https://github.com/phpredis/phpredis#connection
((member_call_expression object: (_) @_o name: (name) @_f arguments: (arguments . (argument (_) @host) . (argument (_) @port))) @call
  (#match? @_o "(?i)redis\\W*$") (#any-of? @_f "connect" "pconnect" "open" "popen")
  (#set! need call) (#set! scheme redis))
((member_call_expression object: (_) @_o name: (name) @_f arguments: (arguments . (argument (_) @host) .)) @call
  (#match? @_o "(?i)redis\\W*$") (#any-of? @_f "connect" "pconnect" "open" "popen")
  (#set! need call) (#set! scheme redis))
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (array_creation_expression) @options))) @call
  (#match? @_o "(^|\\\\)Predis\\\\Client$")
  (#set! need call) (#set! scheme redis))
((member_call_expression object: (_) @_o name: (name) @_f arguments: (arguments . (argument (_) @host) . (argument (_) @port))) @call
  (#match? @_o "(?i)memcached?\\W*$") (#any-of? @_f "addServer" "connect")
  (#set! need call) (#set! scheme memcached))
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (_) @host))) @call
  (#match? @_o "^\\\\?mysqli$")
  (#set! need call) (#set! scheme mysql))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @host))) @call
  (#any-of? @_f "mysqli_connect" "mysql_connect")
  (#set! need call) (#set! scheme mysql))
; https://github.com/php-amqplib/php-amqplib
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (_) @host) . (argument (_) @port))) @call
  (#match? @_o "AMQP(Stream|SSL|Lazy|Socket)Connection$")
  (#set! need call) (#set! scheme amqp))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @host) . (argument (_) @port))) @call
  (#any-of? @_f "fsockopen" "pfsockopen")
  (#set! need call) (#set! scheme tcp))
; https://www.php.net/manual/en/pdo.drivers.php: driver:host=…;port=…
([(string) (encapsed_string) (binary_expression)] @dsn
  (#match? @dsn "^['\"](mysql|pgsql|sqlsrv|dblib):")
  (#set! need dsn))

; --- addresses in texts
([(string) (encapsed_string)] @url
  (#match? @url "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((binary_expression left: (_) @_t operator: ".") @url
  (#match? @_t "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((function_call_expression function: (_) @_f arguments: (arguments . (argument [(string) (encapsed_string)] @_t))) @url
  (#eq? @_f "sprintf") (#match? @_t "^[\"'][a-z][a-z0-9+]*://")
  (#set! need url))
((scoped_call_expression scope: [(name) (qualified_name)] @_o) @client
  (#match? @_o "(^|\\\\)(Http|HttpClient|DriverManager|Redis|ClientBuilder)$")
  (#set! need client))
((object_creation_expression [(name) (qualified_name)] @_o) @client
  (#match? @_o "(Client|HttpClient|Connection|SoapClient)$")
  (#set! need client))
((member_call_expression object: (_) @_o name: (name) @_f) @client
  (#match? @_o "(?i)(client|http|guzzle)\\W*$") (#any-of? @_f "request" "requestAsync" "get" "post" "put" "patch" "delete" "getAsync" "postAsync")
  (#set! need client))
((function_call_expression function: (_) @_f) @client
  (#any-of? @_f "curl_init" "file_get_contents" "stream_socket_client" "get_headers")
  (#set! need client))
((array_element_initializer . (_) @_k) @client
  (#any-of? @_k "'base_uri'" "\"base_uri\"" "'base_url'")
  (#set! need client))
((function_call_expression function: (_) @_f) @quiet
  (#eq? @_f "stream_socket_server")
  (#set! need quiet))
((object_creation_expression [(name) (qualified_name)] @_o) @quiet
  (#match? @_o "(^|\\\\)(Worker|SocketServer|TcpServer)$")
  (#set! need quiet))
((echo_statement) @quiet (#set! need quiet))
((print_intrinsic) @quiet (#set! need quiet))
([(throw_expression) (exit_statement)] @quiet (#set! need quiet))
((comment) @quiet (#set! need quiet))
((function_call_expression function: (_) @_f) @quiet
  (#any-of? @_f "str_replace" "preg_replace" "preg_match" "str_starts_with" "strpos" "str_contains" "redirect" "header" "__" "_e" "esc_url" "trans" "printf" "error_log" "trigger_error" "die" "in_array" "explode" "define" "asset" "wp_enqueue_style" "wp_enqueue_script" "add_query_arg" "link_to" "url" "ltrim" "substr" "parse_url" "starts_with" "is_xml" "xmlns")
  (#set! need quiet))
((member_call_expression name: (name) @_f) @quiet
  (#match? @_f "^(redirect|redirectTo|away|setHref|with|withHeader|header|headers|set|assert\\w*|see\\w*|expect\\w*|info|error|warn|warning|debug|line|comment|registerXPathNamespace|createElementNS|setAttributeNS|url|helperText|hint|placeholder|label|description|default|link|icon|href|message|body|text|write|writeln|ask|subject|action)$")
  (#set! need quiet))
((array_element_initializer . (_) @_k) @quiet
  (#match? @_k "^['\"](xmlns|schema|homepage|description|link|help|docs?(_url)?|documentation|callback|redirect|redirect_ur[il]|callback_url|allowed_origins|origins?|example|placeholder|url|href|icon|image|logo|website|author|license|support|issuer|referer|paths|content|content-security-policy|dsn_example|asset_url)['\"]$")
  (#set! need quiet))
((const_element . (name) @_k) @quiet
  (#match? @_k "(?i)(origins?|schema|xmlns|namespace|_ns|docs?(_url)?|description|example|homepage|license|help|link|website|issuer)$")
  (#set! need quiet))
((binary_expression operator: ["==" "===" "!=" "!=="]) @quiet (#set! need quiet))
; https://laravel.com/docs/urls
((array_element_initializer . (_) @_k . (function_call_expression function: (name) @_f)) @link
  (#any-of? @_k "'url'" "'asset_url'" "'frontend_url'") (#eq? @_f "env")
  (#set! need link))

; --- .env files: https://github.com/vlucas/phpdotenv,
; https://symfony.com/doc/current/configuration.html#configuring-environment-variables-in-env-files
((member_call_expression object: (scoped_call_expression scope: [(name) (qualified_name)] @_o) name: (name) @_f) @load
  (#match? @_o "(^|\\\\)Dotenv$") (#eq? @_f "safeLoad")
  (#set! need dotenv))
((member_call_expression object: (scoped_call_expression scope: [(name) (qualified_name)] @_o) name: (name) @_f) @load
  (#match? @_o "(^|\\\\)Dotenv$") (#eq? @_f "load")
  (#set! need dotenv) (#set! fatal true))
((member_call_expression object: (variable_name) @_o name: (name) @_f arguments: (arguments)) @load
  (#match? @_o "(?i)dotenv$") (#eq? @_f "load")
  (#set! need dotenv) (#set! fatal true) (#set! where "Dotenv::create"))
((member_call_expression object: [(variable_name) (parenthesized_expression)] @_o name: (name) @_f) @load
  (#match? @_o "(?i)dotenv") (#any-of? @_f "bootEnv" "loadEnv")
  (#set! need dotenv) (#set! fatal true))

; --- paths
; https://laravel.com/docs/routing, https://lumen.laravel.com/docs/routing
((scoped_call_expression scope: (name) @_o name: (name) @method arguments: (arguments . (argument (_) @path))) @served
  (#eq? @_o "Route") (#any-of? @method "get" "post" "put" "patch" "delete" "options" "any" "view")
  (#set! need served) (#set! in routes))
((member_call_expression object: (_) @_o name: (name) @method arguments: (arguments . (argument (_) @path) . (_))) @served
  (#match? @_o "^(Route::.*|\\$router|\\$app|\\$group)$") (#any-of? @method "get" "post" "put" "patch" "delete" "options" "any")
  (#set! need served) (#set! where "Route::|$router|Slim\\"))
; https://symfony.com/doc/current/routing.html
((method_declaration attributes: (attribute_list (attribute_group (attribute . [(name) (qualified_name)] @_a parameters: (arguments . (argument (_) @path)) @options) @attribute)))
  (#match? @_a "(^|\\\\)Route$")
  (#set! need attribute))

; --- schedules: https://laravel.com/docs/scheduling
((scoped_call_expression scope: (name) @_o name: (name) @kind arguments: (arguments . (argument (_) @job))) @timer
  (#eq? @_o "Schedule") (#any-of? @kind "command" "job" "call" "exec")
  (#set! need timed))
((member_call_expression object: (variable_name) @_o name: (name) @kind arguments: (arguments . (argument (_) @job))) @timer
  (#eq? @_o "$schedule") (#any-of? @kind "command" "job" "call" "exec")
  (#set! need timed))

; --- what is kept in the process, or beside it
; https://www.php.net/manual/en/function.session-start.php
((function_call_expression function: (_) @_f) @state
  (#eq? @_f "session_start")
  (#set! need session))

; --- programs: https://www.php.net/manual/en/book.exec.php
((function_call_expression function: (_) @_f arguments: (arguments . (argument [(string) (encapsed_string) (binary_expression)] @command))) @program
  (#any-of? @_f "exec" "shell_exec" "system" "passthru" "proc_open" "popen")
  (#set! need program))
((shell_command_expression) @command @program
  (#set! need program))
; https://symfony.com/doc/current/components/process.html
((object_creation_expression [(name) (qualified_name)] @_o (arguments . (argument (array_creation_expression . (array_element_initializer . [(string) (encapsed_string)] @name))))) @program
  (#match? @_o "(^|\\\\)Process$")
  (#set! need program) (#set! library "symfony/process"))
((scoped_call_expression scope: [(name) (qualified_name)] @_o name: (name) @_f arguments: (arguments . (argument [(string) (encapsed_string)] @command))) @program
  (#match? @_o "(^|\\\\)Process$") (#any-of? @_f "run" "start" "fromShellCommandline")
  (#set! need program))

; --- files: https://www.php.net/manual/en/ref.filesystem.php
((name) @folder
  (#eq? @folder "__DIR__")
  (#set! need folder) (#set! of beside))
((name) @folder
  (#eq? @folder "__FILE__")
  (#set! need folder) (#set! of file))
((function_call_expression function: (_) @_f) @folder
  (#eq? @_f "sys_get_temp_dir")
  (#set! need folder) (#set! of temporary))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @of) .)) @parent
  (#eq? @_f "dirname")
  (#set! need parent))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @path))) @reading
  (#any-of? @_f "file_get_contents" "file" "readfile" "parse_ini_file" "opendir" "scandir" "simplexml_load_file")
  (#set! need reading))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @path))) @writing
  (#any-of? @_f "file_put_contents" "mkdir" "touch")
  (#set! need writing))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @path) . (argument (_) @_m))) @writing
  (#eq? @_f "fopen") (#match? @_m "^['\"][wax]")
  (#set! need writing))
((function_call_expression function: (_) @_f arguments: (arguments . (argument (_) @path) . (argument (_) @_m))) @reading
  (#eq? @_f "fopen") (#match? @_m "^['\"]r[bt]?['\"]")
  (#set! need reading))
((function_call_expression function: (_) @_f arguments: (arguments . (_) . (argument (_) @path))) @writing
  (#eq? @_f "move_uploaded_file")
  (#set! need writing) (#set! sort upload))
