; What code in Kotlin needs of the machine that it runs on: files, programs,
; memory, the clock. The words are those of package pattern.

; --- files: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/nio/file/Files.html,
; https://kotlinlang.org/api/core/kotlin-stdlib/kotlin.io/
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments) @parts)) @join
  (#any-of? @_o "Path" "Paths") (#any-of? @_f "of" "get")
  (#set! need join))
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments . (value_argument) @of .))) @same
  (#any-of? @_f "File" "Path")
  (#set! need same))
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f))) @folder
  (#any-of? @_o "Files" "File") (#any-of? @_f "createTempDirectory" "createTempFile")
  (#set! need folder) (#set! of temporary))
((call_expression . (navigation_expression . (call_expression . (simple_identifier) @_c (call_suffix (value_arguments . (value_argument) @path .))) (navigation_suffix (simple_identifier) @_f))) @reading
  (#eq? @_c "File") (#any-of? @_f "readText" "readBytes" "readLines" "inputStream" "bufferedReader" "forEachLine" "useLines" "reader")
  (#set! need reading))
((call_expression . (navigation_expression . (call_expression . (simple_identifier) @_c (call_suffix (value_arguments . (value_argument) @path .))) (navigation_suffix (simple_identifier) @_f))) @writing
  (#eq? @_c "File") (#any-of? @_f "writeText" "writeBytes" "appendText" "outputStream" "mkdirs" "mkdir" "createNewFile" "bufferedWriter" "printWriter")
  (#set! need writing))
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @path))) @reading
  (#eq? @_o "Files") (#any-of? @_f "readString" "readAllBytes" "readAllLines" "lines" "newInputStream" "list")
  (#set! need reading))
((call_expression . (navigation_expression . (simple_identifier) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument) @path))) @writing
  (#eq? @_o "Files") (#any-of? @_f "writeString" "write" "newOutputStream" "createDirectories" "createFile")
  (#set! need writing))

; --- programs
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments . (value_argument (string_literal)) @name))) @program
  (#eq? @_f "ProcessBuilder")
  (#set! need program))
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f)) (call_suffix (value_arguments . (value_argument (string_literal)) @command))) @program
  (#match? @_o "Runtime\\.getRuntime\\(\\)$") (#eq? @_f "exec")
  (#set! need program))

; --- memory
((call_expression . (navigation_expression . (_) @_o (navigation_suffix (simple_identifier) @_f))) @state
  (#any-of? @_o "Bucket" "Bucket4j") (#eq? @_f "builder")
  (#set! need state) (#set! sort limiter) (#set! name Bucket) (#set! library bucket4j) (#set! lacks "ProxyManager|asProxy|Redis|Hazelcast|Infinispan"))
((call_expression . (navigation_expression . (_) (navigation_suffix (simple_identifier) @_f))) @state
  (#eq? @_f "enableSimpleBroker")
  (#set! need state) (#set! sort socket) (#set! name SimpleBroker) (#set! library spring-websocket))
; https://ktor.io/docs/server-sessions.html#in-memory-storage: "intended for development only"
((call_expression . (simple_identifier) @_f) @state
  (#eq? @_f "SessionStorageMemory")
  (#set! need state) (#set! sort session) (#set! name SessionStorageMemory) (#set! library ktor))

; --- the clock: as in Java
((function_declaration (modifiers (annotation (constructor_invocation . (user_type) @_n (value_arguments (value_argument . (simple_identifier) @_k . (_) @schedule .)))) @timer) (simple_identifier) @job)
  (#eq? @_n "Scheduled") (#eq? @_k "cron")
  (#set! need timer) (#set! library spring) (#set! lacks "LeaderOnly|RedissonClient|LockRegistry"))
((function_declaration (modifiers (annotation (constructor_invocation . (user_type) @_n (value_arguments (value_argument . (simple_identifier) @_k . (_) @every .)))) @timer) (simple_identifier) @job)
  (#eq? @_n "Scheduled") (#any-of? @_k "fixedRate" "fixedDelay" "fixedRateString" "fixedDelayString")
  (#set! need timer) (#set! unit ms) (#set! library spring) (#set! lacks "LeaderOnly|RedissonClient|LockRegistry"))
