
; --- what only JSX has: links are not called by the code
((jsx_attribute (property_identifier) @_k) @quiet
  (#match? @_k "^(href|to|src|srcSet|action|xmlns.*|poster|content|placeholder|alt|title)$")
  (#set! need quiet))
