; What code in C# needs. The words are those of package pattern; "setting",
; "source", "prefixed", "urls", "connection" and "mapping" are those of this package.

; --- variables: https://learn.microsoft.com/en-us/dotnet/api/system.environment.getenvironmentvariable
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (_) @name))) @read
  (#match? @_o "^(System\\.)?Environment$") (#eq? @_f "GetEnvironmentVariable")
  (#set! need variable))
((invocation_expression function: (identifier) @_f arguments: (argument_list . (argument (_) @name) .)) @read
  (#eq? @_f "GetEnvironmentVariable")
  (#set! need variable) (#set! where "using static System.Environment"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (_) @name) . (argument (_) @value)))
  (#match? @_o "^(System\\.)?Environment$") (#eq? @_f "SetEnvironmentVariable")
  (#set! need write))
; https://github.com/tonerdo/dotnet-env
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (_) @name) .)) @read
  (#match? @_o "(^|\\.)Env$") (#any-of? @_f "GetString" "GetInt" "GetBool")
  (#set! need variable) (#set! where "DotNetEnv"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (_) @name) . (argument (_) @default) .)) @read
  (#match? @_o "(^|\\.)Env$") (#any-of? @_f "GetString" "GetInt" "GetBool")
  (#set! need variable) (#set! where "DotNetEnv"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f)) @load
  (#match? @_o "(^|\\.)Env$") (#any-of? @_f "Load" "TraversePath")
  (#set! need dotenv) (#set! where "DotNetEnv"))

; --- settings that a variable may give
; https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/
((element_access_expression expression: (_) @of subscript: (bracketed_argument_list . (argument (_) @name) .)) @setting
  (#match? @of "(?i)(config(uration)?|section|settings)$|GetSection\\(|GetRequiredSection\\(")
  (#set! need setting))
((invocation_expression function: (member_access_expression expression: (_) @of name: (_) @method) arguments: (argument_list . (argument (_) @name) .)) @setting
  (#match? @of "(?i)(config(uration)?|section|settings)$|GetSection\\(|GetRequiredSection\\(") (#match? @method "^(GetValue|GetConnectionString)\\b")
  (#set! need setting))
((invocation_expression function: (member_access_expression expression: (_) @of name: (_) @method) arguments: (argument_list . (argument (_) @name) . (argument (_) @default) .)) @setting
  (#match? @of "(?i)(config(uration)?|section|settings)$|GetSection\\(|GetRequiredSection\\(") (#match? @method "^GetValue\\b")
  (#set! need setting))
((member_access_expression expression: (invocation_expression function: (member_access_expression expression: (_) @of name: (_) @_f) arguments: (argument_list . (argument (_) @name) .)) name: (identifier) @_v) @setting
  (#match? @of "(?i)(config(uration)?|section|settings)$|GetSection\\(") (#any-of? @_f "GetSection" "GetRequiredSection") (#eq? @_v "Value")
  (#set! need setting))
; values from what is not read here
((invocation_expression function: (member_access_expression name: (_) @_f)) @source
  (#match? @_f "^(AddAzureKeyVault|AddAzureAppConfiguration|AddSystemsManager|AddSecretsManager|AddAmazonSecretsManager|AddAppConfig|AddConsul\\w*|AddVault\\w*|AddKeyPerFile|AddEtcd\\w*|AddDaprSecretStore|AddDaprConfigurationStore|AddServiceDefaults|AddServiceDiscovery|AddConfigServer|AddNacos\\w*|AddApollo|AddInMemoryCollection|AddYamlFile|AddIniFile|AddXmlFile)$")
  (#set! need source))
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (_) @file))) @source
  (#eq? @_f "AddJsonFile") (#not-match? @file "appsettings")
  (#set! need source))
; https://learn.microsoft.com/en-us/dotnet/api/microsoft.extensions.configuration.environmentvariablesextensions.addenvironmentvariables
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument) @prefix .)) @prefixed
  (#eq? @_f "AddEnvironmentVariables")
  (#set! need prefixed))

; --- servers
; https://learn.microsoft.com/en-us/aspnet/core/fundamentals/servers/kestrel/endpoints
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list) @urls) @listen
  (#any-of? @_f "UseUrls" "Run" "RunAsync")
  (#set! need urls) (#set! where "WebApplication|WebHost|UseUrls"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list) @urls) @listen
  (#match? @_o "\\.Urls$") (#eq? @_f "Add")
  (#set! need urls))
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (_) @port))) @listen
  (#eq? @_f "ListenAnyIP")
  (#set! need listen))
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (_) @port))) @listen
  (#eq? @_f "ListenLocalhost")
  (#set! need listen) (#set! host localhost))
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (_) @_a) . (argument (_) @port))) @listen
  (#eq? @_f "Listen") (#eq? @_a "IPAddress.Loopback")
  (#set! need listen) (#set! host localhost))
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (_) @_a) . (argument (_) @port))) @listen
  (#eq? @_f "Listen") (#eq? @_a "IPAddress.Any")
  (#set! need listen))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument (_) @_a) . (argument (_) @port))) @listen
  (#eq? @_t "TcpListener") (#eq? @_a "IPAddress.Any")
  (#set! need listen))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument (_) @_a) . (argument (_) @port))) @listen
  (#eq? @_t "TcpListener") (#eq? @_a "IPAddress.Loopback")
  (#set! need listen) (#set! host localhost))

; --- clients
; https://stackexchange.github.io/StackExchange.Redis/Configuration
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (_) @text))) @connection
  (#eq? @_o "ConnectionMultiplexer") (#any-of? @_f "Connect" "ConnectAsync")
  (#set! need connection) (#set! scheme redis) (#set! port "6379"))
; https://www.rabbitmq.com/client-libraries/dotnet-api-guide#connecting
((assignment_expression left: (identifier) @_k right: (_) @text) @connection
  (#eq? @_k "HostName")
  (#set! need connection) (#set! scheme amqp) (#set! port "5672") (#set! where "RabbitMQ.Client"))
; https://docs.confluent.io/kafka-clients/dotnet/current/overview.html
((assignment_expression left: (identifier) @_k right: (_) @text) @connection
  (#eq? @_k "BootstrapServers")
  (#set! need connection) (#set! scheme kafka) (#set! port "9092"))
((assignment_expression left: [(identifier) (member_access_expression)] @_k right: [(string_literal) (verbatim_string_literal)] @text) @connection
  (#match? @_k "^(options\\.)?Configuration$")
  (#set! need connection) (#set! scheme redis) (#set! port "6379") (#set! where "AddStackExchangeRedis"))
([(string_literal) (verbatim_string_literal)] @text @connection
  (#match? @text "(?i)^@?\"[^\"]*\\b(server|host|data source)\\s*=[^\";]+;")
  (#set! need connection))
([(string_literal) (verbatim_string_literal) (interpolated_string_expression)] @url
  (#match? @url "^[$@]*\"[a-z][a-z0-9+]*://")
  (#set! need url))
((binary_expression left: (string_literal) @_t operator: "+") @url
  (#match? @_t "^\"[a-z][a-z0-9+]*://")
  (#set! need url))
((object_creation_expression type: (_) @_t) @client
  (#any-of? @_t "Uri" "HttpRequestMessage" "MongoClient" "ElasticsearchClient" "ConnectionSettings" "ElasticClient")
  (#set! need client))
((invocation_expression function: (member_access_expression name: (_) @_f)) @client
  (#match? @_f "^(GetAsync|PostAsync|PutAsync|DeleteAsync|GetStringAsync|GetFromJsonAsync|PostAsJsonAsync|ForAddress|SendAsync)\\b")
  (#set! need client))
((invocation_expression function: (member_access_expression name: (_) @_f)) @quiet
  (#any-of? @_f "WithOrigins" "SetIsOriginAllowed" "UseUrls" "Run" "RunAsync" "WriteLine" "Write" "LogInformation" "LogDebug" "LogWarning" "LogError" "LogTrace" "LogCritical" "Information" "Redirect" "LocalRedirect" "StartsWith" "EndsWith" "Contains" "Equals" "Replace" "Split" "IndexOf" "Add" "AddRedirectUri")
  (#set! need quiet))
((assignment_expression left: (_) @_k) @quiet
  (#match? @_k "(?i)(origins?|redirecturis?|redirecturi|postlogoutredirecturis?|clienturi|issuer|audience|schema|namespace|termsofservice|url|contact|license|issueruri|identifier|type|links?|claim\\w*|description|example|iconurl|logouri|pictureuri|picturefilename)$")
  (#set! need quiet))
((attribute name: (_) @_n) @quiet
  (#not-match? @_n "^(Url|BaseAddress)$")
  (#set! need quiet))
((variable_declarator name: (_) @_k) @quiet
  (#match? @_k "(?i)(origins?|cors|allowed|trusted|schema|xmlns|namespace|ns|docs?(url)?|description|example|homepage|redirect\\w*|callback\\w*|issuer|audience|claim\\w*|schemas?)$")
  (#set! need quiet))
((object_creation_expression type: (_) @_t) @quiet
  (#match? @_t "Exception$|^(OpenApi\\w+|Claim|XmlQualifiedName|XmlNamespace)$")
  (#set! need quiet))
((binary_expression operator: ["==" "!="] right: (string_literal) @quiet) (#set! need quiet))

; --- code that runs only where it is developed
((if_statement condition: (_) @_c consequence: (_) @local)
  (#match? @_c "^[\\w.]*(env|Environment|hostEnvironment)\\.IsDevelopment\\(\\)$")
  (#set! need local))
((if_statement condition: (_) @_c alternative: (_) @local)
  (#match? @_c "^[\\w.]*(env|Environment|hostEnvironment)\\.IsProduction\\(\\)$|^![\\w.]*(env|Environment)\\.IsDevelopment\\(\\)$")
  (#set! need local))

; --- paths: https://learn.microsoft.com/en-us/aspnet/core/fundamentals/routing,
; https://learn.microsoft.com/en-us/aspnet/core/mvc/controllers/routing
((invocation_expression function: (member_access_expression expression: (identifier) @router name: (identifier) @method) arguments: (argument_list . (argument (string_literal) @path))) @serve
  (#any-of? @method "MapGet" "MapPost" "MapPut" "MapDelete" "MapPatch")
  (#set! need path))
((invocation_expression function: (member_access_expression expression: (identifier) @router name: (identifier) @_m) arguments: (argument_list . (argument (string_literal) @path))) @serve
  (#any-of? @_m "MapHealthChecks" "MapHub" "MapMetrics")
  (#set! need path))
((invocation_expression function: (member_access_expression expression: (_) @router name: (identifier) @_m) arguments: (argument_list . (argument (string_literal) @prefix))) @group
  (#eq? @_m "MapGroup")
  (#set! need group))
((method_declaration (attribute_list (attribute name: (identifier) @_n) @serve))
  (#any-of? @_n "HttpGet" "HttpPost" "HttpPut" "HttpDelete" "HttpPatch" "Route")
  (#set! need mapping))
