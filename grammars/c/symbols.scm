; Functions, and the prototypes of functions
(function_definition
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (identifier) @name))
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
    (_) @declarator
  ]
  body: (_) @body
  (#not-any-of? @name "if" "for" "while" "switch" "return" "else" "sizeof")) @definition.function
(declaration
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (function_declarator declarator: (parenthesized_declarator (identifier) @name))
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
    (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))))
  ]) @definition.function

; Types; one without a name of its own is called by its typedef
(type_definition
  type: (struct_specifier . (attribute_specifier)? . body: (_) @body)
  declarator: (type_identifier) @name) @definition.struct
(type_definition
  type: (union_specifier . body: (_) @body)
  declarator: (type_identifier) @name) @definition.union
(type_definition
  type: (enum_specifier . body: (_) @body)
  declarator: (type_identifier) @name) @definition.enum
(type_definition type: (struct_specifier name: (_) @name body: (_) @body)) @definition.struct
(type_definition type: (union_specifier name: (_) @name body: (_) @body)) @definition.union
(type_definition type: (enum_specifier name: (_) @name body: (_) @body)) @definition.enum
(type_definition
  type: [
    (struct_specifier body: (_)? @body)
    (union_specifier body: (_)? @body)
    (enum_specifier body: (_)? @body)
    (_)
  ]
  declarator: (_) @declarator) @definition.type
(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.union
(enum_specifier name: (type_identifier) @name body: (_) @body) @definition.enum
(enumerator name: (identifier) @name value: (_)? @body) @definition.variant
(field_declaration
  type: [(struct_specifier body: (_) @body) (union_specifier body: (_) @body) (enum_specifier body: (_) @body) (_)]
  declarator: (_) @declarator) @definition.field

; Variables
(declaration
  type: [(struct_specifier body: (_) @body) (union_specifier body: (_) @body) (enum_specifier body: (_) @body)]
  declarator: (identifier) @name) @definition.variable
(declaration
  declarator: [
    (init_declarator declarator: (_) @declarator value: (_) @body)
    (_) @declarator
  ]) @definition.variable

; Macros
(preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro
(preproc_def name: (identifier) @name value: (_) @body) @definition.macro

; Around definitions
(comment) @comment
(attribute_declaration) @attribute

; Imports
(preproc_include path: (_) @path) @import

; References
(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
]) @reference.call
(type_identifier) @name @reference.type
