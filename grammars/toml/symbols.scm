; Definitions
(table . (_) @name "]" @signature) @definition.table
((table_array_element . (_) @name "]]" @signature (pair . (bare_key) @_key . (string) @name)) @definition.table
  (#any-of? @_key "name" "id"))
(table_array_element . (_) @name "]]" @signature) @definition.table
(pair . (_) @name . (_) @body) @definition.key

; Around definitions
(comment) @comment
