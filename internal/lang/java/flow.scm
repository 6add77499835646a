; What the syntax of Java means for a value that may be absent, or be a text. The
; words are those of package flow.

; --- names and their values
(variable_declarator name: (identifier) @name value: (_) @value) @bind
(resource name: (identifier) @name value: (_) @value) @bind
(assignment_expression left: [(identifier) (field_access)] @name right: (_) @value) @assign
(element_value_pair key: (identifier) @key value: (_) @value) @field
(formal_parameter name: (identifier) @parameter)
(catch_formal_parameter name: (identifier) @parameter)
(enhanced_for_statement name: (identifier) @parameter)
(lambda_expression parameters: (identifier) @parameter)
(inferred_parameters (identifier) @parameter)

[(class_body) (interface_body) (enum_body) (method_declaration) (constructor_declaration) (lambda_expression) (for_statement) (enhanced_for_statement) (catch_clause) (try_with_resources_statement)] @scope
[(block) (constructor_body) (switch_block_statement_group)] @block
(method_declaration name: (_) @function) @define
(method_declaration body: (_) @deferred)
(lambda_expression body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(cast_expression value: (_) @inner) @outer
; https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Optional.html
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @inner .)) @outer
  (#match? @_o "Optional$") (#any-of? @_f "ofNullable" "fromNullable"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @inner .)) @outer
  (#match? @_o "Optional$") (#eq? @_f "of") (#set! strict true))
((method_invocation object: (_) @inner name: (_) @_f) @outer
  (#any-of? @_f "map" "filter" "flatMap" "or"))
((method_invocation object: (_) @inner name: (_) @_f) @outer
  (#any-of? @_f "trim" "strip" "toLowerCase" "toUpperCase" "toString") (#set! strict true))
((method_invocation object: (_) @value name: (_) @_f arguments: (argument_list . (_) @fallback .)) @whole
  (#any-of? @_f "orElse" "or"))
((method_invocation object: (_) @value name: (_) @_f arguments: (argument_list . (lambda_expression body: (_) @fallback) .)) @whole
  (#eq? @_f "orElseGet"))
((method_invocation object: (_) @subject name: (_) @_f) @assert
  (#eq? @_f "orElseThrow"))
((method_invocation object: (_) @subject name: (_) @_f) @optional
  (#any-of? @_f "ifPresent" "ifPresentOrElse"))
((method_invocation object: (_) @subject name: (_) @_f) @present
  (#any-of? @_f "isPresent"))
((method_invocation object: (_) @subject name: (_) @_f) @absent
  (#any-of? @_f "isEmpty" "isBlank"))
; https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Objects.html,
; and the same of commons-lang, Guava and Spring
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @subject)) @assert
  (#any-of? @_f "requireNonNull" "checkNotNull" "notNull" "notBlank" "notEmpty" "hasText" "hasLength")
  (#match? @_o "^(Objects|Preconditions|Assert|Validate|Verify)$"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @value . (_) @fallback .)) @whole
  (#any-of? @_f "requireNonNullElse" "firstNonNull" "defaultIfNull" "defaultIfBlank" "defaultIfEmpty" "defaultString" "nullToDefault" "getIfNull" "coalesce"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @value . (lambda_expression body: (_) @fallback) .)) @whole
  (#any-of? @_f "requireNonNullElseGet"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @subject .)) @absent
  (#any-of? @_f "isNull" "isEmpty" "isBlank" "isNullOrEmpty" "isNullOrBlank"))
((method_invocation name: (_) @_f arguments: (argument_list . (_) @subject .)) @present
  (#any-of? @_f "nonNull" "isNotEmpty" "isNotBlank" "hasText" "hasLength"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @inner)) @outer
  (#match? @_o "^(Integer|Long|Short|Double|Float|URI|Duration|InetAddress)$") (#any-of? @_f "parseInt" "parseLong" "valueOf" "parseDouble" "parseShort" "decode" "create" "parse")
  (#set! strict true))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @subject)) @optional
  (#eq? @_o "Boolean") (#any-of? @_f "parseBoolean" "valueOf"))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @subject .)) @optional
  (#eq? @_o "String") (#eq? @_f "valueOf"))
((object_creation_expression type: (_) @_t arguments: (argument_list . (_) @inner .)) @outer
  (#any-of? @_t "URL" "URI" "File" "Integer" "String") (#set! strict true))
((method_invocation object: (string_literal) name: (_) @_f arguments: (argument_list . (_) @subject .)) @present
  (#any-of? @_f "equals" "equalsIgnoreCase" "contains") (#set! value true))
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @subject .)) @present
  (#any-of? @_f "equals" "equalsIgnoreCase" "contains" "containsKey") (#match? @_o "^[A-Z_]+$|^Objects$") (#set! value true))
((method_invocation object: (_) @subject name: (_) @_f) @strict
  (#not-any-of? @_f "orElse" "orElseGet" "orElseThrow" "ifPresent" "ifPresentOrElse" "isPresent" "isEmpty" "isBlank" "map" "filter" "flatMap" "or" "trim" "strip" "toLowerCase" "toUpperCase" "get" "stream"))

; --- texts
(string_literal) @string
[(decimal_integer_literal) (true) (false)] @number
(null_literal) @null
(binary_expression left: (_) @left operator: "+" right: (_) @right) @sum
((method_invocation object: (_) @_o name: (_) @_f arguments: (argument_list . (_) @template) @values) @format
  (#eq? @_o "String") (#eq? @_f "format"))

; --- tests
(unary_expression operator: "!" operand: (_) @inner) @not
(binary_expression left: (_) @left operator: "&&" right: (_) @right) @both
(binary_expression left: (_) @left operator: "||" right: (_) @right) @either
((binary_expression left: (_) @subject operator: "==" right: (_) @_v) @absent
  (#any-of? @_v "null" "\"\""))
((binary_expression left: (_) @subject operator: "!=" right: (_) @_v) @present
  (#any-of? @_v "null" "\"\""))
(binary_expression left: (null_literal) operator: "==" right: (_) @subject) @absent
(binary_expression left: (null_literal) operator: "!=" right: (_) @subject) @present
(if_statement condition: (_) @if consequence: (_) @then alternative: (_)? @else) @branch
((ternary_expression condition: (_) @if consequence: (_) @then alternative: (_) @else) @branch
  (#set! expression true))
(switch_expression condition: (_) @subject) @present
(try_statement body: (_) @tried (catch_clause body: (_) @handler))
(try_with_resources_statement body: (_) @tried (catch_clause body: (_) @handler))

; --- ends
(return_statement (_)? @result) @leave
[(continue_statement) (break_statement)] @leave
(throw_statement) @exit
((method_invocation object: (_) @_o name: (_) @_f) @exit
  (#any-of? @_o "System" "Runtime.getRuntime()" "Assertions" "Assert") (#any-of? @_f "exit" "halt" "fail"))
((return_statement (_) @_r) @error
  (#match? @_r "INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|internalServerError\\(|serverError\\(|status\\(5\\d\\d\\)|Mono\\.error\\(|failedFuture\\("))
