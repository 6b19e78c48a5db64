; Imports: a constant that only names one is no definition
(variable_declaration
  (builtin_function
    (builtin_identifier) @_builtin
    (arguments . (string (string_content) @path)))
  (#any-of? @_builtin "@import" "@cImport" "@embedFile")) @import

; Definitions
(variable_declaration "const" . (identifier) @name (struct_declaration "{" @body "}" @body)) @definition.struct
(variable_declaration "const" . (identifier) @name (union_declaration "{" @body "}" @body)) @definition.union
(variable_declaration "const" . (identifier) @name (enum_declaration "{" @body "}" @body)) @definition.enum
(variable_declaration "const" . (identifier) @name (opaque_declaration "{" @body "}" @body)) @definition.struct
(variable_declaration "const" . (identifier) @name (error_set_declaration "{" @body "}" @body)) @definition.enum
(variable_declaration "const" . (identifier) @name (pointer_type (function_signature))) @definition.type
(variable_declaration "const" . (identifier) @name "="? (_)? @body .) @definition.constant
(variable_declaration "var" . (identifier) @name "="? (_)? @body .) @definition.variable
(function_declaration name: (identifier) @name body: (_)? @body) @definition.function
(container_field name: (identifier) @name @visibility type: (_)) @definition.field
(container_field name: (identifier) @name @visibility) @definition.variant
(test_declaration (string (string_content) @name) (block) @body @test) @definition.function
(test_declaration (identifier) @name (block) @body @test) @definition.function

; Around definitions
(comment) @comment

; References
(call_expression function: [
  (identifier) @name
  (field_expression member: (identifier) @name)
]) @reference.call
(parameter type: (identifier) @name) @reference.type
(parameter type: (pointer_type (identifier) @name)) @reference.type
(container_field type: (identifier) @name) @reference.type
(function_declaration type: (identifier) @name) @reference.type
(error_union_type ok: (identifier) @name) @reference.type
(struct_initializer . (identifier) @name) @reference.type
