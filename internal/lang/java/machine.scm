; What code in Java needs of the machine that it runs on: files, programs, memory,
; the clock. The words are those of package pattern.

; --- files: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/nio/file/Files.html
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list) @parts) @join
  (#any-of? @_o "Path" "Paths") (#any-of? @_f "of" "get")
  (#set! need join))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) . (_) .) @parts) @join
  (#eq? @_t "File")
  (#set! need join))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @of .)) @same
  (#eq? @_t "File")
  (#set! need same))
((method_invocation object: (_) @of name: (_) @_f arguments: (argument_list .)) @same
  (#any-of? @_f "toFile" "toPath" "toAbsolutePath" "normalize" "getAbsolutePath")
  (#set! need same))
((method_invocation object: (_) @_o name: (_) @_f) @folder
  (#any-of? @_o "Files" "File") (#any-of? @_f "createTempDirectory" "createTempFile")
  (#set! need folder) (#set! of temporary))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (string_literal) @_p .)) @folder
  (#eq? @_o "System") (#eq? @_f "getProperty") (#eq? @_p "\"java.io.tmpdir\"")
  (#set! need folder) (#set! of temporary))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (string_literal) @_p .)) @folder
  (#eq? @_o "System") (#eq? @_f "getProperty") (#eq? @_p "\"user.dir\"")
  (#set! need folder) (#set! of working))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @path)) @reading
  (#eq? @_o "Files") (#any-of? @_f "readString" "readAllBytes" "readAllLines" "lines" "newBufferedReader" "newInputStream" "list" "walk")
  (#set! need reading))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @path .)) @reading
  (#any-of? @_t "FileReader" "FileInputStream")
  (#set! need reading))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#eq? @_o "Files") (#any-of? @_f "writeString" "write" "newBufferedWriter" "newOutputStream" "createDirectories" "createDirectory" "createFile")
  (#set! need writing))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) . (_) @path)) @writing
  (#eq? @_o "Files") (#any-of? @_f "copy" "move")
  (#set! need writing))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_t "FileWriter" "FileOutputStream" "RandomAccessFile")
  (#set! need writing))
; https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/web/multipart/MultipartFile.html
((method_invocation name: (_) @_f arguments: (argument_list . (_) @path .)) @writing
  (#eq? @_f "transferTo")
  (#set! need writing) (#set! sort upload) (#set! where "MultipartFile"))
; https://github.com/xerial/sqlite-jdbc, https://www.h2database.com/html/features.html#database_url
((string_literal) @path @writing
  (#match? @path "^\"jdbc:sqlite:[^:]")
  (#set! need writing) (#set! sort database) (#set! scheme "jdbc:sqlite") (#set! library sqlite))

; --- programs: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/ProcessBuilder.html
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @name)) @program
  (#eq? @_t "ProcessBuilder")
  (#set! need program))
((object_creation_expression type: (_) @_t arguments: (argument_list . (method_invocation object: (_) @_o arguments: (argument_list . (string_literal) @name)))) @program
  (#eq? @_t "ProcessBuilder") (#any-of? @_o "Arrays" "List")
  (#set! need program))
((object_creation_expression type: (_) @_t arguments: (argument_list . (string_literal) @_s . (string_literal) @_c . (_) @command)) @program
  (#eq? @_t "ProcessBuilder") (#match? @_s "^\"(/bin/)?(ba)?sh\"$") (#eq? @_c "\"-c\"")
  (#set! need program))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (string_literal) @command)) @program
  (#match? @_o "Runtime\\.getRuntime\\(\\)$|^(rt|runtime)$") (#eq? @_f "exec")
  (#set! need program))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (array_creation_expression value: (array_initializer . (string_literal) @name)))) @program
  (#match? @_o "Runtime\\.getRuntime\\(\\)$|^(rt|runtime)$") (#eq? @_f "exec")
  (#set! need program))

; --- memory
; https://bucket4j.com/: a bucket of this process, unless a proxy manager keeps it
((method_invocation object: (_) @_o name: (_) @_f) @state
  (#match? @_o "^(Bucket|Bucket4j|LocalBucketBuilder)$") (#eq? @_f "builder")
  (#set! need state) (#set! sort limiter) (#set! name Bucket) (#set! library bucket4j) (#set! lacks "ProxyManager|asProxy|Redis|Hazelcast|Infinispan"))
; https://resilience4j.readme.io/docs/ratelimiter
((annotation name: (_) @_n) @state
  (#eq? @_n "RateLimiter")
  (#set! need state) (#set! sort limiter) (#set! name RateLimiter) (#set! library resilience4j) (#set! where "io.github.resilience4j"))
; https://docs.spring.io/spring-framework/reference/web/websocket/stomp/handle-simple-broker.html
((method_invocation name: (_) @_f) @state
  (#eq? @_f "enableSimpleBroker")
  (#set! need state) (#set! sort socket) (#set! name SimpleBroker) (#set! library spring-websocket))
; --- the clock
; https://docs.spring.io/spring-framework/reference/integration/scheduling.html#scheduling-annotation-support;
; ShedLock lets one of several run it: https://github.com/lukas-krecan/ShedLock
((method_declaration (modifiers (annotation name: (_) @_n arguments: (annotation_argument_list (element_value_pair key: (_) @_k value: (_) @schedule))) @timer) name: (_) @job)
  (#eq? @_n "Scheduled") (#eq? @_k "cron")
  (#set! need timer) (#set! library spring) (#set! lacks "LeaderOnly|RedissonClient|LockRegistry"))
((method_declaration (modifiers (annotation name: (_) @_n arguments: (annotation_argument_list (element_value_pair key: (_) @_k value: (_) @every))) @timer) name: (_) @job)
  (#eq? @_n "Scheduled") (#any-of? @_k "fixedRate" "fixedDelay" "fixedRateString" "fixedDelayString")
  (#set! need timer) (#set! unit ms) (#set! library spring) (#set! lacks "LeaderOnly|RedissonClient|LockRegistry"))
