; What code in Kotlin needs. The words are those of package pattern; "value",
; "property", "bean", "source", "mapping" and "route" are those of this package.

; --- variables: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html#getenv(java.lang.String)
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name .))) @read
  (#eq? @_o "System") (#eq? @_f "getenv")
  (#set! need variable))
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments) @_a)) @environment
  (#eq? @_o "System") (#eq? @_f "getenv") (#eq? @_a "()")
  (#set! need environment))
((indexing_expression . (_) @object (indexing_suffix . (_) @name .)) @read
  (#set! need access))
((call_expression . (navigation_expression . (_) @object (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name .))) @read
  (#eq? @_f "get")
  (#set! need access))
((call_expression . (navigation_expression . (_) @object (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name . (value_argument) @default .))) @read
  (#eq? @_f "getOrDefault")
  (#set! need access))
((call_expression . (navigation_expression . (_) @object (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name .) . (annotated_lambda)?)) @read
  (#eq? @_f "getOrElse")
  (#set! need access) (#set! optional true))
; https://github.com/cdimascio/dotenv-kotlin
((indexing_expression . (_) @_o (indexing_suffix . (_) @name .)) @read
  (#match? @_o "(?i)dotenv(\\(.*\\))?$")
  (#set! need variable) (#set! where "cdimascio"))

; --- properties that a variable may give; as in Java
((annotation (constructor_invocation . (user_type) @_n (value_arguments (value_argument (string_literal) @text)))) @value
  (#any-of? @_n "Value" "FeignClient" "Scheduled" "KafkaListener" "RabbitListener" "Property" "ConfigProperty")
  (#set! need value) (#set! where "springframework|micronaut|microprofile"))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name .))) @property
  (#match? @_o "(?i)(^|\\.)(env|environment)$") (#eq? @_f "getProperty")
  (#set! need property) (#set! where "springframework"))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name . (value_argument) @default .))) @property
  (#match? @_o "(?i)(^|\\.)(env|environment)$") (#eq? @_f "getProperty")
  (#set! need property) (#set! where "springframework"))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @name))) @property
  (#match? @_o "(?i)(^|\\.)(env|environment)$") (#eq? @_f "getRequiredProperty")
  (#set! need property) (#set! strict true) (#set! where "springframework"))
((class_declaration (modifiers (annotation (constructor_invocation . (user_type) @_n (value_arguments) @prefix))) (primary_constructor) @members)
  (#eq? @_n "ConfigurationProperties")
  (#set! need bean))
((annotation (constructor_invocation . (user_type) @_n)) @source
  (#any-of? @_n "PropertySource" "PropertySources" "ImportResource")
  (#set! need source) (#set! where "springframework"))

; --- servers: https://ktor.io/docs/server-create-and-configure.html#embedded-server
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments) @options)) @listen
  (#eq? @_f "embeddedServer")
  (#set! need listen))
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments . (value_argument) @port))) @listen
  (#eq? @_f "ServerSocket")
  (#set! need listen))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @port))) @listen
  (#match? @_o "ServerBuilder$") (#eq? @_f "forPort")
  (#set! need listen))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @port .))) @listen
  (#eq? @_f "start")
  (#set! need listen) (#set! where "io.javalin"))

; --- clients
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @host . (value_argument) @port .))) @call
  (#match? @_o "ChannelBuilder$") (#eq? @_f "forAddress")
  (#set! need call) (#set! scheme grpc))
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments . (value_argument (string_literal)) @host . (value_argument) @port))) @call
  (#any-of? @_f "Jedis" "HostAndPort" "RedisStandaloneConfiguration")
  (#set! need call) (#set! scheme redis))
((string_literal) @url
  (#match? @url "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((additive_expression . (string_literal) @_t) @url
  (#match? @_t "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((call_expression . [(simple_identifier) (navigation_expression)] @_f) @client
  (#match? @_f "(^|\\.)(URL|URI|create|getForObject|postForObject|exchange|baseUrl|rootUri|get|post|put|url|connect)$")
  (#set! need client))
((annotation (constructor_invocation . (user_type) @_n)) @client
  (#any-of? @_n "FeignClient")
  (#set! need client))
((call_expression . [(simple_identifier) (navigation_expression)] @_f) @quiet
  (#match? @_f "(^|\\.)(println|print|info|debug|warn|error|trace|allowedOrigins|allowedOriginPatterns|allowHost|addAllowedOrigin|setAllowedOrigins|respondRedirect|redirect\\w*|startsWith|contains|replace|endsWith|setFeature|header|issuer|withIssuer|withAudience|termsOfService|Contact|License|Server|Info|\\w+Exception)$")
  (#set! need quiet))
((annotation (constructor_invocation . (user_type) @_n)) @quiet
  (#any-of? @_n "CrossOrigin" "Schema" "ApiModelProperty" "Operation" "OpenAPIDefinition" "Server" "Parameter" "ExampleObject" "SerialName" "Suppress" "Deprecated")
  (#set! need quiet))
((property_declaration (variable_declaration . (simple_identifier) @_k)) @quiet
  (#match? @_k "(?i)(origins?|cors|allowed|trusted|schema|namespace(_?uri)?|docs?(_?url)?|description|example|homepage|redirect_?ur[il]|callback(_?url)?|issuer|audience)$")
  (#set! need quiet))

; --- paths
((function_declaration (modifiers (annotation (constructor_invocation . (user_type) @_n (value_arguments) @arguments)) @serve))
  (#any-of? @_n "RequestMapping" "GetMapping" "PostMapping" "PutMapping" "PatchMapping" "DeleteMapping")
  (#set! need mapping))
((function_declaration (modifiers (annotation (user_type) @_n) @serve))
  (#any-of? @_n "GetMapping" "PostMapping" "PutMapping" "PatchMapping" "DeleteMapping")
  (#set! need mapping))
; https://ktor.io/docs/server-routing.html
((call_expression . (call_expression . (simple_identifier) @method (call_suffix (value_arguments . (value_argument (string_literal) @path)))) (call_suffix (annotated_lambda))) @serve
  (#any-of? @method "get" "post" "put" "patch" "delete" "head" "options")
  (#set! need route) (#set! where "io.ktor"))
((call_expression . (simple_identifier) @method (call_suffix (annotated_lambda))) @serve
  (#any-of? @method "get" "post" "put" "patch" "delete")
  (#set! need route) (#set! where "io.ktor"))
