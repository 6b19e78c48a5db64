; Imports, before the variables that they bind
(assignment_statement
  (expression_list . value: (function_call
    name: (identifier) @_f
    arguments: (arguments . (string content: (_) @path))))
  (#eq? @_f "require")) @import
(function_call
  name: (identifier) @_f
  arguments: (arguments . (string content: (_) @path))
  (#any-of? @_f "require" "dofile" "loadfile")) @import

; Definitions
(function_declaration name: (identifier) @name body: (_)? @body "end" @body) @definition.function
(function_declaration
  name: [
    (dot_index_expression table: (_) @scope field: (_) @name)
    (method_index_expression table: (_) @scope method: (_) @name)
  ]
  body: (_)? @body
  "end" @body) @definition.method
(assignment_statement
  (variable_list . name: (identifier) @name .)
  (expression_list . value: (function_definition body: (_)? @body "end" @body))) @definition.function
(assignment_statement
  (variable_list . name: (dot_index_expression table: (_) @scope field: (_) @name) .)
  (expression_list . value: (function_definition body: (_)? @body "end" @body))) @definition.method
(field
  name: (identifier) @name
  value: (function_definition body: (_)? @body "end" @body)) @definition.method
(assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list) @body) @definition.variable
(variable_declaration (variable_list name: (identifier) @name)) @definition.variable

; Tests are calls
(function_call
  name: (identifier) @_f
  arguments: (arguments . (string) @name . (function_definition) @body)
  (#any-of? @_f "describe" "context" "insulate" "expose")) @definition.block @test
(function_call
  name: (identifier) @_f
  arguments: (arguments . (string) @name . (function_definition) @body)
  (#any-of? @_f "it" "test" "spec" "pending")) @definition.function @test

; Around definitions
(variable_declaration (assignment_statement)) @wrapper
(comment) @comment

; Variables that belong to no module
(function_definition) @local
(do_statement) @local
(if_statement) @local
(for_statement) @local
(while_statement) @local
(repeat_statement) @local

; References
(function_call name: [
  (identifier) @name
  (dot_index_expression field: (_) @name)
  (method_index_expression method: (_) @name)
]) @reference.call
