; Definitions
(binding attrpath: (_) @name expression: (function_expression body: [
  (function_expression body: [
    (function_expression body: (_) @body)
    (_) @body
  ])
  (_) @body
])) @definition.function
(binding attrpath: (_) @name expression: (apply_expression argument: [
  (attrset_expression) @body
  (rec_attrset_expression) @body
  (function_expression) @body
])) @definition.key
(binding attrpath: (_) @name expression: (_) @body) @definition.key

; Around definitions
(binding_set . (binding)) @wrapper
(comment) @comment

; Imports
((apply_expression
  function: [(variable_expression name: (_) @_function) (select_expression attrpath: (_) @_function)]
  argument: (path_expression) @path) @import
  (#any-of? @_function "import" "callPackage" "callPackages" "callPackageWith"))
(list_expression element: (path_expression) @path) @import

; References
(apply_expression function: [
  (variable_expression name: (identifier) @name)
  (select_expression attrpath: (attrpath (identifier) @name .))
]) @reference.call
(with_expression environment: (variable_expression name: (identifier) @name)) @reference.use
