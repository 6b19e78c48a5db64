; Imports
(using_statement [
  (identifier) @path
  (import_path) @path
  (scoped_identifier) @path
  (selected_import . (_) @path)
  (import_alias . (_) @path)
]) @import
(import_statement [
  (identifier) @path
  (import_path) @path
  (scoped_identifier) @path
  (selected_import . (_) @path)
  (import_alias . (_) @path)
]) @import
(call_expression
  . (identifier) @_f
  . (argument_list . (string_literal (content) @path))
  (#eq? @_f "include")) @import

; Definitions
(module_definition name: (_) @name . (_)? @body "end" @body) @definition.module
(function_definition
  (signature [
    (identifier) @name
    (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])
    (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ]))
    (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ]))
    (where_expression . (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])))
    (where_expression . (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])))
  ])
  . (_)? @body
  "end" @body) @definition.function
(macro_definition
  (signature (call_expression . (_) @name))
  . (_)? @body
  "end" @body) @definition.macro
(assignment
  . [
    (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])
    (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ]))
    (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ]))
    (where_expression . (typed_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])))
    (where_expression . (where_expression . (call_expression . [
      (identifier) @name
      (operator) @name
      (field_expression value: (_) @scope [
        (identifier) @name
        (quote_expression (_) @name)
      ] .)
      (parametrized_type_expression . (identifier) @name)
      (parenthesized_expression) @name
      (interpolation_expression) @name
    ])))
  ]
  . (operator)
  . (_) @body) @definition.function
(assignment
  . (identifier) @name
  . (operator)
  . (arrow_function_expression (_) (_) @body .)) @definition.function
(struct_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [
      (identifier) @name
      (parametrized_type_expression . (identifier) @name)
    ])
  ]) . (_)? @body "end" @body) @definition.struct
(struct_definition [
  (identifier) @name
  (typed_expression . (identifier) @name)
] @definition.field)
(struct_definition (assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
]) @definition.field)
(struct_definition (const_statement (assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
])) @definition.field)
(abstract_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [
      (identifier) @name
      (parametrized_type_expression . (identifier) @name)
    ])
  ]) "end" @body) @definition.type
(primitive_definition (type_head [
    (identifier) @name
    (parametrized_type_expression . (identifier) @name)
    (binary_expression . [
      (identifier) @name
      (parametrized_type_expression . (identifier) @name)
    ])
  ]) "end" @body) @definition.type
(const_statement (assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
] . (operator) . (_) @body)) @definition.constant
(assignment . [
  (identifier) @name
  (typed_expression . (identifier) @name)
] . (operator) . (_) @body) @definition.variable
(macrocall_expression
  (macro_identifier (identifier) @_macro)
  (macro_argument_list . [
    (identifier) @name
    (typed_expression . (identifier) @name)
  ])
  (#eq? @_macro "enum")) @definition.enum
(macrocall_expression
  (macro_identifier (identifier) @_macro)
  (macro_argument_list (string_literal) @name (compound_statement) @body)
  (#eq? @_macro "testset")) @definition.block @test

; Names exported elsewhere
(export_statement (_) @exported)
(public_statement (_) @exported)

; Around definitions; a string on its own in front of one is its documentation
(macrocall_expression) @wrapper
(macro_argument_list) @wrapper
(line_comment) @comment
(block_comment) @comment
(string_literal) @doc

; Variables that belong to no module
(for_statement) @local
(while_statement) @local
(let_statement) @local
(try_statement) @local
(do_clause) @local
(arrow_function_expression) @local
(argument_list) @local
(quote_statement) @local
(macrocall_expression
  (macro_identifier (identifier) @_macro)
  (#any-of? @_macro "testset" "test" "time" "btime" "benchmark")) @local

; References
(call_expression . [
  (identifier) @name
  (field_expression (identifier) @name .)
  (parametrized_type_expression . (identifier) @name)
]) @reference.call
(broadcast_call_expression . [
  (identifier) @name
  (field_expression (identifier) @name .)
]) @reference.call
(macrocall_expression (macro_identifier (identifier) @name)) @reference.call
(type_head (binary_expression (_) (operator) [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (field_expression (identifier) @name .)
])) @reference.base
(typed_expression (_) [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
  (field_expression (identifier) @name .)
] .) @reference.type
(unary_typed_expression [
  (identifier) @name
  (parametrized_type_expression . (identifier) @name)
]) @reference.type
