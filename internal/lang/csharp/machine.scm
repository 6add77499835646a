; What code in C# needs of the machine that it runs on: files, programs, memory,
; the clock. The words are those of package pattern.

; --- files: https://learn.microsoft.com/en-us/dotnet/api/system.io
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list) @parts) @join
  (#eq? @_o "Path") (#any-of? @_f "Combine" "Join")
  (#set! need join))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @of)) @same
  (#eq? @_o "Path") (#eq? @_f "GetFullPath")
  (#set! need same))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f)) @folder
  (#any-of? @_o "Path" "Directory") (#any-of? @_f "GetTempPath" "GetTempFileName" "CreateTempSubdirectory")
  (#set! need folder) (#set! of temporary))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f)) @folder
  (#eq? @_o "Directory") (#eq? @_f "GetCurrentDirectory")
  (#set! need folder) (#set! of working))
((member_access_expression expression: (_) @_o name: (_) @_f) @folder
  (#eq? @_o "Environment") (#eq? @_f "CurrentDirectory")
  (#set! need folder) (#set! of working))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @path)) @reading
  (#match? @_o "^(System\\.IO\\.)?File$") (#any-of? @_f "ReadAllText" "ReadAllTextAsync" "ReadAllBytes" "ReadAllBytesAsync" "ReadAllLines" "ReadLines" "OpenRead" "OpenText")
  (#set! need reading))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument) @path)) @reading
  (#eq? @_t "StreamReader")
  (#set! need reading))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @path)) @writing
  (#match? @_o "^(System\\.IO\\.)?(File|Directory)$") (#any-of? @_f "WriteAllText" "WriteAllTextAsync" "WriteAllBytes" "WriteAllBytesAsync" "WriteAllLines" "AppendAllText" "Create" "CreateText" "OpenWrite" "CreateDirectory")
  (#set! need writing))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument) @path . (argument) @_m)) @writing
  (#eq? @_t "FileStream") (#match? @_m "FileMode\\.(Create|CreateNew|OpenOrCreate|Append)")
  (#set! need writing))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument) @path)) @writing
  (#eq? @_t "StreamWriter")
  (#set! need writing))
; https://learn.microsoft.com/en-us/aspnet/core/security/data-protection/configuration/overview
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument (object_creation_expression arguments: (argument_list . (argument) @path))))) @writing
  (#eq? @_f "PersistKeysToFileSystem")
  (#set! need writing) (#set! library dataprotection))

; --- programs: https://learn.microsoft.com/en-us/dotnet/api/system.diagnostics.process.start
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument (string_literal)) @name)) @program
  (#eq? @_o "Process") (#eq? @_f "Start")
  (#set! need program))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument (string_literal)) @name)) @program
  (#eq? @_t "ProcessStartInfo")
  (#set! need program))
((assignment_expression left: (identifier) @_k right: (string_literal) @name) @program
  (#eq? @_k "FileName")
  (#set! need program) (#set! where "ProcessStartInfo"))

; --- memory
; https://learn.microsoft.com/en-us/aspnet/core/fundamentals/app-state#session-state
((invocation_expression function: (member_access_expression name: (_) @_f)) @state
  (#eq? @_f "AddSession")
  (#set! need state) (#set! sort session) (#set! name DistributedMemoryCache) (#set! library "Microsoft.AspNetCore.Session") (#set! where "AddDistributedMemoryCache(") (#set! lacks "AddStackExchangeRedisCache|AddDistributedSqlServerCache|AddDistributedRedisCache|AddSqlServerCache|AddCosmosCache"))
; https://learn.microsoft.com/en-us/aspnet/core/signalr/scale
((invocation_expression function: (member_access_expression name: (_) @_f)) @state
  (#eq? @_f "AddSignalR")
  (#set! need state) (#set! sort socket) (#set! name SignalR) (#set! library SignalR) (#set! lacks "AddStackExchangeRedis(|AddAzureSignalR|AddRedis(|AddNats|AddOrleans|AddBackplane"))
; https://learn.microsoft.com/en-us/aspnet/core/performance/rate-limit
((invocation_expression function: (member_access_expression name: (_) @_f)) @state
  (#any-of? @_f "AddFixedWindowLimiter" "AddSlidingWindowLimiter" "AddTokenBucketLimiter")
  (#set! need state) (#set! sort limiter) (#set! name RateLimiter) (#set! library "Microsoft.AspNetCore.RateLimiting") (#set! lacks "RedisRateLimiting|Redis"))
; https://github.com/stefanprodan/AspNetCoreRateLimit
((invocation_expression function: (member_access_expression name: (_) @_f)) @state
  (#eq? @_f "AddInMemoryRateLimiting")
  (#set! need state) (#set! sort limiter) (#set! name MemoryCacheRateLimitCounterStore) (#set! library AspNetCoreRateLimit))

; --- the clock
; https://www.quartz-scheduler.net/documentation/quartz-3.x/configuration/reference.html: a store in memory
((invocation_expression function: (member_access_expression name: (_) @_f) arguments: (argument_list . (argument) @schedule)) @timer
  (#any-of? @_f "WithCronSchedule")
  (#set! need timer) (#set! library quartz) (#set! lacks "UsePersistentStore|UseClustering|AdoJobStore"))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument (invocation_expression function: (_) @_u arguments: (argument_list . (argument) @every))))) @timer
  (#eq? @_t "PeriodicTimer") (#eq? @_u "TimeSpan.FromMinutes")
  (#set! need timer) (#set! unit m))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument (invocation_expression function: (_) @_u arguments: (argument_list . (argument) @every))))) @timer
  (#eq? @_t "PeriodicTimer") (#eq? @_u "TimeSpan.FromHours")
  (#set! need timer) (#set! unit h))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument) . (argument) . (argument) . (argument (invocation_expression function: (_) @_u arguments: (argument_list . (argument) @every))) .)) @timer
  (#eq? @_t "Timer") (#eq? @_u "TimeSpan.FromHours")
  (#set! need timer) (#set! unit h))
