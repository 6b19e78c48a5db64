; Imports
(use_statement
  module: (_) @path
  (#not-any-of? @path "strict" "warnings" "utf8" "feature" "constant" "parent" "base" "vars" "lib" "experimental" "integer" "bytes")) @import
(require_expression (bareword) @path) @import
(require_expression (string_literal content: (_) @path)) @import

; Definitions
(package_statement name: (_) @name (block) @body) @definition.package
(package_statement name: (_) @name) @definition.package
(class_statement name: (_) @name (block) @body) @definition.class
(class_statement name: (_) @name) @definition.class
(subroutine_declaration_statement name: (_) @name body: (_)? @body) @definition.function
(method_declaration_statement name: (_) @name body: (_)? @body) @definition.method
(use_statement
  module: (_) @_module
  (list_expression . (_) @name . (_) @body)
  (#eq? @_module "constant")) @definition.constant
(use_statement
  module: (_) @_module
  (anonymous_hash_expression (list_expression (autoquoted_bareword) @name)) @body
  (#eq? @_module "constant")) @definition.constant
(expression_statement
  (assignment_expression
    left: (variable_declaration "our" variable: (_ (varname) @name))
    right: (_) @body)) @definition.variable
(expression_statement
  (assignment_expression
    left: (glob (varname) @name)
    right: (anonymous_subroutine_expression body: (_) @body))) @definition.function
(expression_statement
  (assignment_expression
    left: (variable_declaration variable: (scalar (varname) @name))
    right: (anonymous_subroutine_expression body: (_) @body))) @definition.function
(expression_statement
  (variable_declaration "field" variable: (_ (varname) @name))) @definition.field
(expression_statement
  [
    (ambiguous_function_call_expression
      function: (_) @_f
      arguments: (list_expression . (_) @name . (_) @body))
    (ambiguous_function_call_expression
      function: (_) @_f
      arguments: [
        (string_literal) @name
        (autoquoted_bareword) @name
      ])
    (function_call_expression
      function: (_) @_f
      arguments: (list_expression . (_) @name . (_) @body))
  ]
  (#eq? @_f "has")) @definition.property

; Tests are calls
(expression_statement
  [
    (ambiguous_function_call_expression
      function: (_) @_f
      arguments: (list_expression . (_) @name . (anonymous_subroutine_expression) @body))
    (function_call_expression
      function: (_) @_f
      arguments: (list_expression . (_) @name . (anonymous_subroutine_expression) @body))
  ]
  (#any-of? @_f "subtest" "describe" "it" "test")) @definition.function @test

; Around definitions
(comment) @comment

; Variables that belong to no package
(anonymous_subroutine_expression) @local
(conditional_statement) @local
(for_statement) @local
(cstyle_for_statement) @local
(loop_statement) @local
(phaser_statement) @local
(eval_expression) @local
(do_expression) @local

; References
(ambiguous_function_call_expression function: (function) @name) @reference.call
(function_call_expression function: (function) @name) @reference.call
(method_call_expression method: (method) @name) @reference.call
(method_call_expression invocant: (bareword) @name) @reference.use
(use_statement
  module: (_) @_module
  [
    (string_literal content: (_) @name)
    (list_expression (string_literal content: (_) @name))
    (quoted_word_list content: (_) @name)
  ]
  (#any-of? @_module "parent" "base")) @reference.base
(attribute
  name: (_) @_name
  value: (_) @name
  (#eq? @_name "isa")) @reference.base
