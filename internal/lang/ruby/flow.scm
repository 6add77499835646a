; What the syntax of Ruby means for a value that may be absent, or be a text. The
; words are those of package flow.

; --- names and their values
(assignment left: [(identifier) (constant) (instance_variable) (class_variable) (global_variable)] @name right: (_) @value) @bind
(assignment left: [(identifier) (constant) (instance_variable) (class_variable) (global_variable)] @name right: (_) @value) @assign
(assignment left: (left_assignment_list . (_) @name . (_) .) right: (right_assignment_list . (_) @value . (_) .)) @bind
(assignment left: (left_assignment_list . (_) . (_) @name .) right: (right_assignment_list . (_) . (_) @value .)) @bind
(assignment left: [(element_reference) (call)] @name right: (_) @value) @assign
(operator_assignment left: [(identifier) (constant) (instance_variable) (class_variable) (global_variable)] @name operator: "||=" right: (_) @value) @assign
(pair key: (_) @key value: (_) @value) @field
(method_parameters (identifier) @parameter)
(method_parameters (optional_parameter name: (identifier) @parameter))
(method_parameters (keyword_parameter name: (identifier) @parameter))
(block_parameters (identifier) @parameter)
(lambda_parameters (identifier) @parameter)

[(method) (singleton_method) (class) (module) (do_block) (lambda)] @scope
(block parameters: (_)) @scope
[(then) (else) (body_statement) (do)] @block
(method name: (_) @function) @define
(singleton_method name: (_) @function) @define
(method body: (_) @deferred)
(singleton_method body: (_) @deferred)
(lambda body: (_) @deferred)

; --- what passes a value on
(parenthesized_statements . (_) @inner .) @outer
(unary operator: "defined?" operand: (_) @subject) @present
; nil answers these (https://docs.ruby-lang.org/en/master/NilClass.html, and
; what Active Support adds to every object); all else is a NoMethodError
((call receiver: (_) @subject method: (_) @_f) @present
  (#any-of? @_f "present?" "any?"))
((call receiver: (_) @subject method: (_) @_f) @absent
  (#any-of? @_f "nil?" "blank?" "empty?"))
((call receiver: (_) @subject method: (_) @_f) @present
  (#any-of? @_f "in?" "eql?" "equal?" "is_a?") (#set! value true))
((call receiver: (_) @subject operator: "&.") @optional)
((call receiver: (_) @subject method: (_) @_f) @optional
  (#any-of? @_f "to_i" "to_s" "to_f" "to_a" "to_h" "to_r" "to_c" "inspect" "try" "try!" "class" "hash" "as_json" "to_json" "to_param" "to_query" "to_b" "to_bool" "kind_of?" "instance_of?" "respond_to?" "object_id" "presence_in" "then" "tap" "presence"))
((call receiver: (_) @inner method: (_) @_f) @outer
  (#any-of? @_f "presence" "freeze" "dup" "itself" "to_i" "to_s" "clone"))
((call receiver: (_) @subject operator: "." method: (_) @_f) @strict
  (#not-any-of? @_f "present?" "any?" "nil?" "blank?" "empty?" "in?" "eql?" "equal?" "is_a?" "to_i" "to_s" "to_f" "to_a" "to_h" "to_r" "to_c" "inspect" "try" "try!" "class" "hash" "as_json" "to_json" "to_param" "to_query" "to_b" "to_bool" "kind_of?" "instance_of?" "respond_to?" "object_id" "presence_in" "then" "tap" "presence" "freeze" "dup" "itself" "clone"))
((call receiver: (_) @inner method: (_) @_f) @outer
  (#any-of? @_f "strip" "chomp" "downcase" "to_sym" "delete_suffix" "squish"))
(element_reference object: (_) @subject) @strict
((call !receiver method: (_) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_f "Integer" "Float" "URI" "Rational")
  (#set! strict true))
((call !receiver method: (_) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_f "String" "Array"))
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_o "URI" "JSON" "File" "Pathname" "Base64" "IO" "YAML") (#any-of? @_f "parse" "read" "new" "decode64" "strict_decode64" "expand_path" "exist?" "binread" "load_file")
  (#set! strict true))
; https://api.rubyonrails.org/classes/ActiveModel/Type/Boolean.html: nil is cast to nil
((call method: (_) @_f arguments: (argument_list . (_) @subject)) @optional
  (#any-of? @_f "cast" "deserialize" "truthy?" "to_bool" "Boolean"))
((call method: (_) @_f arguments: (argument_list (_) @inner .)) @outer
  (#eq? @_f "join"))

; --- texts
((string) @string
  (#match? @string "^[\"']"))
(interpolation) @hole
[(integer) (float) (true) (false)] @number
(nil) @null
(binary left: (_) @left operator: "+" right: (_) @right) @sum
((call receiver: (constant) @_o method: (_) @_f arguments: (argument_list . (_) @left . (_) @right .)) @sum
  (#eq? @_o "File") (#eq? @_f "join") (#set! with "/"))
((call !receiver method: (_) @_f arguments: (argument_list . (_) @template) @values) @format
  (#any-of? @_f "format" "sprintf"))
(binary left: (string) @template operator: "%" right: (array) @values) @format
(binary left: (string) @template operator: "%" right: [(identifier) (call) (element_reference) (integer)] @single) @format

; --- fallbacks
(binary left: (_) @value operator: ["||" "or"] right: (_) @fallback) @whole
(operator_assignment left: (_) @value operator: "||=" right: (_) @fallback) @whole
; x = value or return
(binary left: (assignment right: (_) @value) operator: "or" right: (_) @fallback) @whole

; --- tests
(unary operator: ["!" "not"] operand: (_) @inner) @not
(binary left: (_) @left operator: ["&&" "and"] right: (_) @right) @both
((binary left: (_) @subject operator: ["==" "==="] right: (_) @_v) @absent
  (#any-of? @_v "nil" "\"\"" "''"))
((binary left: (_) @subject operator: "!=" right: (_) @_v) @present
  (#any-of? @_v "nil" "\"\"" "''"))
((binary left: (_) @subject operator: ["==" "===" "=~"] right: (_) @_v) @present
  (#not-any-of? @_v "nil" "\"\"" "''") (#set! value true))
((binary left: (_) @subject operator: ["!=" "!~"] right: (_) @_v) @absent
  (#not-any-of? @_v "nil" "\"\"" "''") (#set! value true))
((binary left: [(string) (true) (simple_symbol) (regex)] operator: ["==" "===" "=~"] right: (_) @subject) @present
  (#set! value true))
((call method: (_) @_f arguments: (argument_list . (_) @subject .)) @present
  (#any-of? @_f "include?" "match?" "exclude?") (#set! value true))
(case value: (_) @subject) @present
(while condition: (_) @subject) @present
(if condition: (_) @if consequence: (_)? @then alternative: (_)? @else) @branch
(elsif condition: (_) @if consequence: (_)? @then alternative: (_)? @else) @branch
(unless condition: (_) @if consequence: (_)? @else alternative: (_)? @then) @branch
(if_modifier body: (_) @then condition: (_) @if) @branch
(unless_modifier body: (_) @else condition: (_) @if) @branch
((conditional condition: (_) @if consequence: (_) @then alternative: (_) @else) @branch
  (#set! expression true))
((begin (rescue exceptions: (_) @_e body: (_)? @handler)) @tried
  (#match? @_e "KeyError|IndexError|StandardError|NoMethodError|NameError|Exception|TypeError"))
(begin (rescue !exceptions body: (_)? @handler)) @tried
((body_statement (rescue exceptions: (_) @_e body: (_)? @handler)) @tried
  (#match? @_e "KeyError|IndexError|StandardError|NoMethodError|NameError|Exception|TypeError"))
(body_statement (rescue !exceptions body: (_)? @handler)) @tried
(rescue_modifier body: (_) @tried handler: (_) @handler)

; --- ends
(return (argument_list . (_) @result)?) @leave
[(next) (break) (redo)] @leave
((call method: (identifier) @_f) @exit
  (#any-of? @_f "raise" "abort" "exit" "exit!" "fail" "die" "throw"))
((then (identifier) @exit) (#any-of? @exit "raise" "abort" "exit" "fail" "die"))
((else (identifier) @exit) (#any-of? @exit "raise" "abort" "exit" "fail" "die"))
((binary operator: ["||" "or"] right: (identifier) @exit) (#any-of? @exit "raise" "abort" "exit" "fail" "die"))
((unless_modifier body: (identifier) @exit) (#any-of? @exit "raise" "abort" "exit" "fail" "die"))
((if_modifier body: (identifier) @exit) (#any-of? @exit "raise" "abort" "exit" "fail" "die"))
((call method: (_) @_f arguments: (argument_list (pair key: (_) @_k value: (_) @_n))) @error
  (#any-of? @_f "render" "head" "json_response") (#eq? @_k "status") (#match? @_n "^5|^:(internal_server_error|service_unavailable|bad_gateway|not_implemented)"))
((call method: (_) @_f arguments: (argument_list . (_) @_n)) @error
  (#any-of? @_f "head" "halt") (#match? @_n "^5\\d\\d$|^:(internal_server_error|service_unavailable|bad_gateway|not_implemented)"))
