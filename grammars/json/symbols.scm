; Definitions
(pair key: (_) @name value: (_) @body) @definition.key
((object (pair key: (string (string_content) @_key) value: (string (string_content) @name)) @signature) @definition.element
  (#has-parent? @definition.element "array")
  (#any-of? @_key "name" "id" "title" "label" "key" "slug"))

; Around definitions
(comment) @comment
