; What the syntax of Rust means for a value that may be absent, or be a text. The
; words are those of package flow. What is absent is an Err or a None
; (https://doc.rust-lang.org/std/env/fn.var.html).

; --- names and their values
(let_declaration pattern: (identifier) @name value: (_) @value) @bind
(let_declaration pattern: (mut_pattern (identifier) @name) value: (_) @value) @bind
((let_declaration pattern: (tuple_struct_pattern type: (_) @_t . (identifier) @name .) value: (_) @value) @bind
  (#any-of? @_t "Ok" "Some"))
(const_item name: (identifier) @name value: (_) @value) @bind
(static_item name: (identifier) @name value: (_) @value) @bind
(assignment_expression left: (identifier) @name right: (_) @value) @assign
(field_initializer field: (_) @key value: (_) @value) @field
(parameter pattern: (identifier) @parameter)
(closure_parameters (identifier) @parameter)
(closure_parameters (parameter pattern: (identifier) @parameter))

[(function_item) (closure_expression) (impl_item) (mod_item)] @scope
(block) @block
(function_item name: (identifier) @function) @define
(function_item body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(reference_expression value: (_) @inner) @outer
(await_expression (_) @inner) @outer
(type_cast_expression value: (_) @inner) @outer
(block . (_) @inner .) @outer
((call_expression function: (field_expression value: (_) @inner field: (_) @_f)) @outer
  (#any-of? @_f "ok" "map" "map_err" "context" "with_context" "wrap_err" "wrap_err_with" "and_then" "as_deref" "as_ref" "as_str" "cloned" "copied" "clone" "to_string" "to_owned" "into" "trim" "to_lowercase" "to_uppercase" "trim_end_matches" "as_bytes" "ok_or" "ok_or_else" "into_string" "to_str" "as_mut" "transpose" "flatten" "unwrap_or_log"))
((call_expression function: (scoped_identifier) @_f arguments: (arguments . (_) @inner .)) @outer
  (#any-of? @_f "String::from" "Some" "Ok" "Box::new" "Arc::new" "PathBuf::from" "Path::new" "Url::parse" "Cow::from" "Cow::Borrowed" "Arc::from" "SecretString::from" "SecretString::new" "Secret::new"))
((call_expression function: (identifier) @_f arguments: (arguments . (_) @inner .)) @outer
  (#any-of? @_f "Some" "Ok"))
; given up where it is absent
((call_expression function: (field_expression value: (_) @subject field: (_) @_f)) @assert
  (#any-of? @_f "expect" "unwrap" "unwrap_or_else_exit"))
(try_expression (_) @subject) @assert
; and not
((call_expression function: (field_expression value: (_) @subject field: (_) @_f)) @optional
  (#any-of? @_f "unwrap_or_default" "map_or" "map_or_else" "iter" "into_iter" "filter" "inspect" "is_some_and_then" "parse_or_default" "then" "then_some" "zip" "xor"))
((call_expression function: (field_expression value: (_) @subject field: (_) @_f)) @present
  (#any-of? @_f "is_ok" "is_some"))
((call_expression function: (field_expression value: (_) @subject field: (_) @_f)) @absent
  (#any-of? @_f "is_err" "is_none" "is_empty"))
((call_expression function: (field_expression value: (_) @subject field: (_) @_f)) @present
  (#any-of? @_f "is_ok_and" "is_some_and" "eq" "eq_ignore_ascii_case" "contains") (#set! value true))

; --- texts
(string_literal) @string
(raw_string_literal) @string
[(integer_literal) (float_literal) (boolean_literal)] @number
((identifier) @null (#eq? @null "None"))
(binary_expression left: (_) @left operator: "+" right: (_) @right) @sum
((macro_invocation macro: (identifier) @_m (token_tree . (string_literal) @template) @values) @format
  (#any-of? @_m "format" "format_args" "concat"))

; --- fallbacks
((call_expression function: (field_expression value: (_) @value field: (_) @_f) arguments: (arguments . (_) @fallback .)) @whole
  (#any-of? @_f "unwrap_or" "or"))
((call_expression function: (field_expression value: (_) @value field: (_) @_f) arguments: (arguments . (closure_expression body: (_) @fallback) .)) @whole
  (#any-of? @_f "unwrap_or_else" "or_else"))
; unwrap_or_else(|_| String::from("x")) in a block
((match_expression value: (_) @value body: (match_block
  (match_arm pattern: (match_pattern (tuple_struct_pattern type: (_) @_o)))
  (match_arm pattern: (match_pattern) @_e value: (_) @fallback))) @whole
  (#any-of? @_o "Ok" "Some") (#match? @_e "^(Err\\(|None|_|e$)"))
((match_expression value: (_) @value body: (match_block
  (match_arm pattern: (match_pattern) @_e value: (_) @fallback)
  (match_arm pattern: (match_pattern (tuple_struct_pattern type: (_) @_o))))) @whole
  (#any-of? @_o "Ok" "Some") (#match? @_e "^(Err\\(|None)"))
(let_declaration pattern: (tuple_struct_pattern) value: (_) @value alternative: (_) @fallback) @whole

; --- tests
(unary_expression "!" (_) @inner) @not
(binary_expression left: (_) @left operator: "&&" right: (_) @right) @both
(binary_expression left: (_) @left operator: "||" right: (_) @right) @either
((let_condition pattern: (tuple_struct_pattern type: (_) @_t) value: (_) @subject) @present
  (#any-of? @_t "Ok" "Some"))
((let_condition pattern: (_) @_t value: (_) @subject) @absent
  (#match? @_t "^(Err\\(|None)"))
((binary_expression left: (_) @subject operator: "==" right: (_)) @present (#set! value true))
((binary_expression left: (_) @subject operator: "!=" right: (_)) @absent (#set! value true))
(match_expression value: (_) @subject) @present
(while_expression condition: (_) @subject) @present
(if_expression condition: (_) @if consequence: (_) @then alternative: (_)? @else) @branch

; --- ends
(return_expression (_)? @result) @leave
[(break_expression) (continue_expression)] @leave
((macro_invocation macro: (_) @_m) @exit
  (#any-of? @_m "panic" "unreachable" "todo" "unimplemented" "bail" "anyhow::bail" "eyre::bail" "ensure"))
((call_expression function: (_) @_f) @exit
  (#any-of? @_f "std::process::exit" "process::exit" "exit" "std::process::abort" "process::abort"))
((return_expression (call_expression function: (_) @_f)) @exit
  (#any-of? @_f "Err" "Err::<_, _>"))
((match_arm value: (call_expression function: (_) @_f) @exit)
  (#eq? @_f "Err"))
