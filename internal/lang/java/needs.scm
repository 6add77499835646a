; What code in Java needs. The words are those of package pattern; "property",
; "value", "injected", "bean" and "mapping" are those of this package.

; --- variables: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/System.html#getenv(java.lang.String)
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#match? @_o "^(java\\.lang\\.)?System$") (#eq? @_f "getenv")
  (#set! need variable))
((method_invocation !object name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#eq? @_f "getenv")
  (#set! need variable) (#set! where "System.getenv;"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#match? @_o "(^|\\.)(EnvUtils|SystemUtils|Environment)$") (#any-of? @_f "getEnvironmentVariable")
  (#set! need variable))
; https://commons.apache.org/proper/commons-lang/apidocs/org/apache/commons/lang3/SystemUtils.html
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name . (_) @default .)) @read
  (#eq? @_o "SystemUtils") (#eq? @_f "getEnvironmentVariable")
  (#set! need variable))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list .)) @environment
  (#match? @_o "^(java\\.lang\\.)?System$") (#eq? @_f "getenv")
  (#set! need environment))
((method_invocation object: (_) @object name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#eq? @_f "get")
  (#set! need access))
((method_invocation object: (_) @object name: (_) @_f arguments: (argument_list . (_) @name . (_) @default .)) @read
  (#eq? @_f "getOrDefault")
  (#set! need access))
((method_invocation object: (_) @object name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#eq? @_f "containsKey")
  (#set! need access) (#set! test true))

; --- .env files: https://github.com/cdimascio/dotenv-java
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name .)) @read
  (#match? @_o "(?i)(dotenv|^env)$|Dotenv\\.load\\(\\)$") (#eq? @_f "get")
  (#set! need variable) (#set! where "cdimascio"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name . (_) @default .)) @read
  (#match? @_o "(?i)(dotenv|^env)$|Dotenv\\.load\\(\\)$") (#eq? @_f "get")
  (#set! need variable) (#set! where "cdimascio"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list .)) @load
  (#eq? @_o "Dotenv") (#eq? @_f "load")
  (#set! need dotenv) (#set! fatal true) (#set! where "cdimascio"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list .)) @load
  (#match? @_o "ignoreIfMissing") (#eq? @_f "load")
  (#set! need dotenv) (#set! where "cdimascio"))

; --- properties that a variable may give
; https://docs.spring.io/spring-framework/reference/core/beans/annotation-config/value-annotations.html
((annotation name: (_) @_n arguments: (annotation_argument_list . [(string_literal) (binary_expression)] @text .)) @value
  (#eq? @_n "Value")
  (#set! need value))
((annotation name: (_) @_n arguments: (annotation_argument_list (element_value_pair key: (_) @_k value: (_) @text))) @value
  (#any-of? @_n "Value" "FeignClient" "Scheduled" "KafkaListener" "RabbitListener") (#any-of? @_k "value" "url" "cron" "fixedRateString" "fixedDelayString" "topics" "groupId" "queues")
  (#set! need value))
; https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/core/env/PropertyResolver.html
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name .)) @property
  (#match? @_o "(?i)(^|\\.)(env|environment|getEnvironment\\(\\))$") (#eq? @_f "getProperty")
  (#set! need property) (#set! where "springframework"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name . (_) @default .)) @property
  (#match? @_o "(?i)(^|\\.)(env|environment|getEnvironment\\(\\))$") (#eq? @_f "getProperty")
  (#set! need property) (#set! where "springframework"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @name)) @property
  (#match? @_o "(?i)(^|\\.)(env|environment|getEnvironment\\(\\))$") (#eq? @_f "getRequiredProperty")
  (#set! need property) (#set! strict true) (#set! where "springframework"))
; https://download.eclipse.org/microprofile/microprofile-config-3.1/apidocs/org/eclipse/microprofile/config/inject/ConfigProperty.html
((annotation name: (_) @_n arguments: (_) @options) @injected
  (#any-of? @_n "ConfigProperty" "Property")
  (#set! need injected) (#set! where "microprofile.config|io.micronaut.context"))
; https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties
((class_declaration (modifiers (annotation name: (_) @_n arguments: (annotation_argument_list) @prefix)) body: (_) @members)
  (#any-of? @_n "ConfigurationProperties" "ConfigMapping")
  (#set! need bean))
((record_declaration (modifiers (annotation name: (_) @_n arguments: (annotation_argument_list) @prefix)) parameters: (_) @members)
  (#any-of? @_n "ConfigurationProperties" "ConfigMapping")
  (#set! need bean))
; values from files that are not read here
((annotation name: (_) @_n) @source
  (#any-of? @_n "PropertySource" "PropertySources" "ImportResource")
  (#set! need source) (#set! where "springframework"))

; --- servers
; https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/net/ServerSocket.html
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @port)) @listen
  (#match? @_t "(^|\\.)ServerSocket$")
  (#set! need listen))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @port)) @listen
  (#eq? @_f "createServerSocket")
  (#set! need listen))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (object_creation_expression type: (_) @_t arguments: (argument_list . (_) @port .)))) @listen
  (#eq? @_t "InetSocketAddress") (#any-of? @_f "create" "bind" "localAddress")
  (#set! need listen))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (object_creation_expression type: (_) @_t arguments: (argument_list . (_) @host . (_) @port .)))) @listen
  (#eq? @_t "InetSocketAddress") (#any-of? @_f "create" "bind" "localAddress")
  (#set! need listen))
; https://netty.io/4.1/api/io/netty/bootstrap/AbstractBootstrap.html#bind-int-
((method_invocation name: (_) @_f arguments: (argument_list . (_) @port .)) @listen
  (#eq? @_f "bind")
  (#set! need listen) (#set! where "io.netty"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @host . (_) @port .)) @listen
  (#eq? @_f "bind")
  (#set! need listen) (#set! where "io.netty"))
; https://vertx.io/docs/apidocs/io/vertx/core/http/HttpServer.html
((method_invocation name: (_) @_f arguments: (argument_list . [(decimal_integer_literal) (identifier) (method_invocation) (field_access)] @port)) @listen
  (#eq? @_f "listen")
  (#set! need listen) (#set! where "io.vertx"))
; https://javalin.io/documentation#server-setup
((method_invocation name: (_) @_f arguments: (argument_list . (_) @port .)) @listen
  (#eq? @_f "start")
  (#set! need listen) (#set! where "io.javalin"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @host . (_) @port .)) @listen
  (#eq? @_f "start")
  (#set! need listen) (#set! where "io.javalin"))
; https://sparkjava.com/documentation#port
((method_invocation name: (_) @_f arguments: (argument_list . (_) @port .)) @listen
  (#eq? @_f "port")
  (#set! need listen) (#set! where "import static spark|import spark."))
; https://grpc.github.io/grpc-java/javadoc/io/grpc/ServerBuilder.html#forPort(int)
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @port)) @listen
  (#match? @_o "ServerBuilder$|^Grpc$") (#any-of? @_f "forPort" "newServerBuilderForPort")
  (#set! need listen))
; https://undertow.io/javadoc/2.1.x/io/undertow/Undertow.Builder.html
((method_invocation name: (_) @_f arguments: (argument_list . (_) @port . (_) @host)) @listen
  (#eq? @_f "addHttpListener")
  (#set! need listen))
; https://jetty.org/docs/: new Server(port)
((object_creation_expression type: (_) @_t arguments: (argument_list . [(decimal_integer_literal) (identifier) (method_invocation)] @port .)) @listen
  (#eq? @_t "Server")
  (#set! need listen) (#set! where "org.eclipse.jetty"))

; --- clients
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @host . (_) @port)) @call
  (#match? @_t "(^|\\.)Socket$")
  (#set! need call) (#set! scheme tcp))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @host . (_) @port)) @call
  (#any-of? @_t "Jedis" "HostAndPort" "JedisPooled")
  (#set! need call) (#set! scheme redis))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) . (string_literal) @host . (_) @port)) @call
  (#eq? @_t "JedisPool")
  (#set! need call) (#set! scheme redis))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @host .)) @call
  (#any-of? @_t "Jedis" "JedisPooled")
  (#set! need call) (#set! scheme redis))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @host . (_) @port)) @call
  (#any-of? @_t "RedisStandaloneConfiguration")
  (#set! need call) (#set! scheme redis))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @host . (decimal_integer_literal) @port)) @call
  (#any-of? @_t "MongoClient" "ServerAddress")
  (#set! need call) (#set! scheme mongodb))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @host . (decimal_integer_literal) @port)) @call
  (#eq? @_t "HttpHost")
  (#set! need call) (#set! scheme http))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @host . (_) @port .)) @call
  (#match? @_o "ChannelBuilder$") (#eq? @_f "forAddress")
  (#set! need call) (#set! scheme grpc))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @address .)) @call
  (#match? @_o "ChannelBuilder$") (#eq? @_f "forTarget")
  (#set! need call) (#set! scheme grpc))
; https://www.rabbitmq.com/client-libraries/java-api-guide#connecting
((method_invocation name: (_) @_f arguments: (argument_list . (_) @host .)) @call
  (#eq? @_f "setHost")
  (#set! need call) (#set! scheme amqp) (#set! where "com.rabbitmq.client"))
; https://kafka.apache.org/documentation/#producerconfigs_bootstrap.servers
((method_invocation name: (_) @_f arguments: (argument_list . (_) @_k . (_) @address .)) @call
  (#any-of? @_f "put" "setProperty") (#match? @_k "BOOTSTRAP_SERVERS_CONFIG$|^\"bootstrap\\.servers\"$")
  (#set! need call) (#set! scheme kafka))

; --- addresses in texts
((string_literal) @url
  (#match? @url "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((binary_expression left: (string_literal) @_t operator: "+") @url
  (#match? @_t "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((binary_expression left: (binary_expression) @_t operator: "+") @url
  (#match? @_t "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (string_literal) @_t)) @url
  (#eq? @_o "String") (#eq? @_f "format") (#match? @_t "^\"(jdbc:)?[a-z][a-z0-9+]*://")
  (#set! need url))
((method_invocation name: (_) @_f) @client
  (#any-of? @_f "getForObject" "getForEntity" "postForObject" "postForEntity" "exchange" "baseUrl" "rootUri" "getConnection" "setJdbcUrl" "newBuilder" "uri" "fromHttpUrl" "fromUriString" "openConnection" "target")
  (#set! need client))
((object_creation_expression type: (_) @_t) @client
  (#any-of? @_t "URL" "URI" "HttpGet" "HttpPost" "HttpPut" "HttpDelete" "WebTarget")
  (#set! need client))
((annotation name: (_) @_n) @client
  (#any-of? @_n "FeignClient" "RegisterRestClient")
  (#set! need client))
((method_invocation name: (_) @_f) @quiet
  (#any-of? @_f "println" "print" "printf" "info" "debug" "warn" "error" "trace" "fatal" "log" "equals" "equalsIgnoreCase" "startsWith" "endsWith" "contains" "indexOf" "replace" "replaceAll" "replaceFirst" "matches" "split"
    "allowedOrigins" "allowedOriginPatterns" "setAllowedOrigins" "setAllowedOriginPatterns" "addAllowedOrigin" "addAllowedOriginPattern" "sendRedirect" "redirect" "redirectUri" "setRedirectUri" "redirectUriTemplate" "issuer" "audience" "setFeature" "setProperty" "setAttribute" "termsOfServiceUrl" "license" "contact" "setNamespace" "description" "getNamespaceURI" "addServersItem" "servers" "frontendUrl" "licenseUrl" "addAllowedMethod" "allowedOrigin" "addAllowedHeader" "header" "addHeader" "setHeader")
  (#set! need quiet))
((object_creation_expression type: (_) @_t) @quiet
  (#any-of? @_t "Contact" "License" "Server" "ExternalDocumentation" "QName" "RedirectView" "GrantedAuthority" "SimpleGrantedAuthority")
  (#set! need quiet))
((object_creation_expression type: (_) @_t) @quiet
  (#match? @_t "(Exception|Error)$")
  (#set! need quiet))
((annotation name: (_) @_n) @quiet
  (#any-of? @_n "CrossOrigin" "Schema" "ApiModelProperty" "ApiOperation" "Operation" "OpenAPIDefinition" "Server" "Parameter" "ExampleObject" "Contact" "License" "XmlRootElement" "XmlType" "XmlSchema" "XmlElement" "WebService" "SuppressWarnings" "Deprecated" "DisplayName" "Namespace" "Generated" "Issue" "See" "SwaggerDefinition" "PayloadRoot" "SoapAction" "WebMethod" "WebResult" "RequestWrapper" "ResponseWrapper")
  (#set! need quiet))
((variable_declarator name: (_) @_k) @quiet
  (#match? @_k "(?i)(origins?|cors|whitelist|allowed|trusted|schema|xmlns|namespace(_?uri)?|_ns|^ns|docs?(_?url)?|description|example|homepage|feature|redirect_?ur[il]|callback(_?url)?|issuer|audience|vocab|iri|claim)$")
  (#set! need quiet))
((binary_expression operator: ["==" "!="] right: (string_literal) @quiet) (#set! need quiet))
(switch_label (string_literal) @quiet (#set! need quiet))

; --- paths: https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-requestmapping.html,
; https://jakarta.ee/specifications/restful-ws/3.1/jakarta-restful-ws-spec-3.1.html#uri_templates
((method_declaration (modifiers (annotation name: (_) @_n arguments: (_) @options) @serve))
  (#any-of? @_n "RequestMapping" "GetMapping" "PostMapping" "PutMapping" "PatchMapping" "DeleteMapping" "Path")
  (#set! need mapping))
((method_declaration (modifiers (marker_annotation name: (_) @_n) @serve))
  (#any-of? @_n "RequestMapping" "GetMapping" "PostMapping" "PutMapping" "PatchMapping" "DeleteMapping" "GET" "POST" "PUT" "DELETE" "PATCH")
  (#set! need mapping))
; https://javalin.io/documentation#endpoint-handlers, https://sparkjava.com/documentation#routes
((method_invocation name: (_) @method arguments: (argument_list . (string_literal) @path . (_))) @serve
  (#any-of? @method "get" "post" "put" "patch" "delete" "head" "options")
  (#set! need path) (#set! where "io.javalin|import static spark"))
; https://docs.oracle.com/en/java/javase/21/docs/api/jdk.httpserver/com/sun/net/httpserver/HttpServer.html#createContext(java.lang.String)
((method_invocation name: (_) @_f arguments: (argument_list . (string_literal) @path)) @serve
  (#eq? @_f "createContext")
  (#set! need path) (#set! where "com.sun.net.httpserver"))
