; Definitions
(block . (identifier) . (_) @scope . (string_lit) @name . (block_start) (body)? @body) @definition.block
(block . (identifier) @scope . (string_lit) @name . (block_start) (body)? @body) @definition.block
(block . (identifier) @name . (block_start) (body)? @body) @definition.block
(attribute . (identifier) @name (expression) @body) @definition.key
(object_elem key: (_) @name val: (_) @body) @definition.key

; Around definitions
(comment) @comment

; Imports
((attribute . (identifier) @_name (expression (literal_value (string_lit) @path))) @import
  (#eq? @_name "source"))

; References
((expression (variable_expr (identifier) @_root) . (get_attr) . (get_attr (identifier) @name)) @reference.use
  (#eq? @_root "data"))
((expression (variable_expr (identifier) @_root) . (get_attr (identifier) @name)) @reference.use
  (#not-any-of? @_root "data" "each" "count" "path" "self" "terraform"))
(function_call . (identifier) @name) @reference.call
