; What code in Ruby needs of the machine that it runs on: files, programs, memory,
; the clock, queues. The words are those of package pattern.

; --- paths: https://docs.ruby-lang.org/en/master/File.html, https://api.rubyonrails.org/classes/Rails.html#method-c-root
((identifier) @folder (#eq? @folder "__dir__") (#set! need folder) (#set! of beside))
([(identifier) (constant) (file)] @folder (#eq? @folder "__FILE__") (#set! need folder) (#set! of file))
((call receiver: (_) @_o method: (_) @_f) @folder
  (#any-of? @_o "Rails" "Dir") (#any-of? @_f "root" "pwd" "getwd")
  (#set! need folder) (#set! of working))
((call receiver: (_) @_o method: (_) @_f) @folder
  (#eq? @_o "Dir") (#any-of? @_f "tmpdir" "mktmpdir")
  (#set! need folder) (#set! of temporary))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @of)) @parent
  (#eq? @_o "File") (#eq? @_f "dirname")
  (#set! need parent))
((call receiver: (_) @of method: (_) @_f) @same
  (#any-of? @_f "to_s" "to_path" "expand_path")
  (#not-eq? @of "File")
  (#set! need same))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @of .)) @same
  (#any-of? @_o "File" "Pathname") (#any-of? @_f "expand_path" "new" "realpath" "absolute_path")
  (#set! need same))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @part . (_) @base .)) @join
  (#eq? @_o "File") (#any-of? @_f "expand_path" "absolute_path")
  (#set! need join) (#set! reversed true))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list) @parts) @join
  (#eq? @_o "File") (#eq? @_f "join")
  (#set! need join))
((call receiver: (_) @base method: (_) @_f arguments: (argument_list) @parts) @join
  (#match? @base "(?i)root$|path$|dir$") (#eq? @_f "join")
  (#set! need join) (#set! absolute true))

; --- files that are read
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path)) @reading
  (#any-of? @_o "File" "IO" "YAML" "CSV" "Psych") (#any-of? @_f "read" "binread" "readlines" "foreach" "load_file" "safe_load_file")
  (#set! need reading))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path .)) @reading
  (#any-of? @_o "File" "CSV") (#any-of? @_f "open" "new")
  (#set! need reading))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path . (string) @_m)) @reading
  (#any-of? @_o "File" "CSV") (#any-of? @_f "open" "new") (#match? @_m "^['\"]r")
  (#set! need reading))

; --- files that are written
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path . (_) @_m)) @writing
  (#any-of? @_o "File" "CSV") (#any-of? @_f "open" "new") (#match? @_m "^['\"][wa]")
  (#set! need writing))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path . (_))) @writing
  (#any-of? @_o "File" "IO") (#any-of? @_f "write" "binwrite")
  (#set! need writing))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#any-of? @_o "FileUtils" "Dir") (#any-of? @_f "mkdir_p" "mkdir" "makedirs" "touch")
  (#set! need writing))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) . (_) @path)) @writing
  (#any-of? @_o "FileUtils") (#any-of? @_f "cp" "cp_r" "mv" "copy" "move" "copy_file")
  (#set! need writing))
((call receiver: (_) @_o method: (_) @_f arguments: (argument_list . (_) @path)) @writing
  (#eq? @_o "SQLite3::Database") (#any-of? @_f "new" "open")
  (#set! need writing) (#set! sort database) (#set! library sqlite))
; https://github.com/carrierwaveuploader/carrierwave#changing-the-storage-directory
((call !receiver method: (identifier) @_f arguments: (argument_list . (simple_symbol) @_s .)) @writing
  (#eq? @_f "storage") (#eq? @_s ":file")
  (#set! need writing) (#set! path "public/uploads") (#set! sort upload) (#set! library carrierwave) (#set! where "CarrierWave"))
; https://guides.rubyonrails.org/active_storage_overview.html#disk-service: the
; service that a new project names, and what uses it
((assignment left: (_) @_l right: (_) @_v) @writing
  (#eq? @_l "config.active_storage.service") (#eq? @_v ":local")
  (#set! need writing) (#set! path storage) (#set! sort upload) (#set! library active_storage))
((call !receiver method: (identifier) @_f) @writing
  (#any-of? @_f "has_one_attached" "has_many_attached")
  (#set! need writing) (#set! path storage) (#set! sort upload) (#set! library has_attached))

; --- programs: https://docs.ruby-lang.org/en/master/Kernel.html#method-i-system
((subshell) @command @program (#set! need program))
((call !receiver method: (identifier) @_f arguments: (argument_list . [(string) (identifier)] @command)) @program
  (#any-of? @_f "system" "spawn")
  (#set! need program))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . [(string) (identifier)] @command)) @program
  (#any-of? @_o "Open3" "IO" "Kernel" "PTY") (#any-of? @_f "capture2" "capture2e" "capture3" "popen" "popen2" "popen2e" "popen3" "system" "spawn")
  (#set! need program))
([(constant) (scope_resolution)] @wrapper
  (#any-of? @wrapper "MiniMagick::Image" "RTesseract" "FFMPEG::Movie" "GraphViz" "MiniExiftool" "Git::Base" "PdfForms" "CarrierWave::MiniMagick")
  (#set! need wrapper))

; --- memory
; https://guides.rubyonrails.org/caching_with_rails.html#activesupport-cache-memorystore:
; processes cannot share it
((assignment left: (_) @_l right: [(simple_symbol) (array . (simple_symbol)) (right_assignment_list . (simple_symbol))] @_v) @state
  (#match? @_l "config\\.cache_store$") (#match? @_v ":memory_store")
  (#set! need state) (#set! sort cache) (#set! name memory_store) (#set! library rails))
((call receiver: (_) @_o method: (_) @_f arguments: (argument_list . (simple_symbol) @_v)) @state
  (#match? @_o "config$") (#eq? @_f "session_store") (#eq? @_v ":cache_store")
  (#set! need state) (#set! sort session) (#set! name memory_store) (#set! library rails) (#set! where ":memory_store"))
; https://rubydoc.info/gems/rack-session/Rack/Session/Pool
((scope_resolution) @state
  (#eq? @state "Rack::Session::Pool")
  (#set! need state) (#set! sort session) (#set! name "Rack::Session::Pool") (#set! library rack))
; https://github.com/rack/rack-attack#cache-store-configuration
((assignment left: (_) @_l right: (_) @_v) @state
  (#match? @_l "Rack::Attack\\.cache\\.store$") (#match? @_v "MemoryStore")
  (#set! need state) (#set! sort limiter) (#set! name MemoryStore) (#set! library rack-attack))

; --- the clock
; https://github.com/jmettraux/rufus-scheduler
((call receiver: (_) @_o method: (_) @_f arguments: (argument_list . (string) @schedule) block: (_)) @timer
  (#match? @_o "(?i)sched") (#any-of? @_f "every" "cron" "interval")
  (#set! need timer) (#set! library rufus-scheduler) (#set! where "ufus"))
; https://ruby-concurrency.github.io/concurrent-ruby/master/Concurrent/TimerTask.html
((call receiver: (_) @_o method: (_) @_f arguments: (argument_list (pair key: (_) @_k value: (_) @every))) @timer
  (#eq? @_o "Concurrent::TimerTask") (#any-of? @_f "new" "execute") (#eq? @_k "execution_interval")
  (#set! need timer) (#set! library concurrent-ruby) (#set! unit s))

; --- queues: https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#queues
((call !receiver method: (identifier) @_f arguments: (argument_list) @options)
  (#eq? @_f "sidekiq_options")
  (#set! need queue) (#set! sort put) (#set! key queue) (#set! library sidekiq))
; https://guides.rubyonrails.org/active_job_basics.html#queues
((call !receiver method: (identifier) @_f arguments: (argument_list . (_) @queue .))
  (#eq? @_f "queue_as")
  (#set! need queue) (#set! sort put) (#set! library active_job))
; https://guides.rubyonrails.org/active_job_basics.html#queues; https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#workers
((call method: (identifier) @_f arguments: (argument_list (pair key: (hash_key_symbol) @_k value: [(simple_symbol) (string)] @queue)))
  (#any-of? @_f "set" "perform_async_in_queue") (#eq? @_k "queue")
  (#set! need queue) (#set! sort put) (#set! library sidekiq))
; Mails that are sent later are put into a queue of their own, or where the
; settings say: https://guides.rubyonrails.org/configuring.html#config-action-mailer-deliver-later-queue-name
((call receiver: (_) method: (identifier) @queue)
  (#any-of? @queue "deliver_later" "deliver_later!")
  (#set! need queue) (#set! sort put) (#set! name mailers) (#set! library action_mailer))
((assignment left: (_) @_l right: [(simple_symbol) (string)] @queue)
  (#match? @_l "deliver_later_queue_name$")
  (#set! need queue) (#set! sort mails) (#set! library action_mailer))
((call method: (identifier) @_f arguments: (argument_list . (_) @queue))
  (#eq? @_f "load_defaults") (#match? @queue "^(6\\.1|[7-9]\\.|[A-Z])")
  (#set! need queue) (#set! sort mails) (#set! name default) (#set! library action_mailer))
; https://guides.rubyonrails.org/active_job_basics.html#setting-the-backend
((assignment left: (_) @_l right: [(simple_symbol) (string)] @queue)
  (#match? @_l "queue_adapter$")
  (#set! need queue) (#set! sort adapter) (#set! library active_job))
; https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#capsules
((assignment left: (call method: (identifier) @_m) right: (string_array (bare_string) @queue))
  (#eq? @_m "queues")
  (#set! need queue) (#set! sort take) (#set! library sidekiq))
((assignment left: (call method: (identifier) @_m) right: (array (string) @queue))
  (#eq? @_m "queues")
  (#set! need queue) (#set! sort take) (#set! library sidekiq))
; https://github.com/resque/resque#jobs
((assignment left: (instance_variable) @_l right: [(simple_symbol) (string)] @queue)
  (#eq? @_l "@queue")
  (#set! need queue) (#set! sort put) (#set! library resque) (#set! where "self.perform"))
