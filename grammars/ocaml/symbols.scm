; Definitions
(module_binding (module_name) @name module_type: (signature)? @body body: (structure)? @body) @definition.module
(module_type_definition (module_type_name) @name body: (signature)? @body) @definition.interface
(class_binding (class_name) @name body: (_)? @body) @definition.class
(class_type_binding (class_type_name) @name body: (_)? @body) @definition.interface
(method_definition (method_name) @name body: (_)? @body) @definition.method
(method_specification (method_name) @name) @definition.method
(instance_variable_definition (instance_variable_name) @name body: (_)? @body) @definition.field
(exception_definition (constructor_declaration (constructor_name) @name)) @definition.type
(type_binding name: (_) @name body: (variant_declaration) @body) @definition.enum
(type_binding name: (_) @name body: (polymorphic_variant_type) @body) @definition.enum
(type_binding name: (_) @name body: (record_declaration) @body) @definition.struct
(type_binding name: (_) @name) @definition.type
(constructor_declaration (constructor_name) @name) @definition.variant
((tag_specification (tag) @name) @definition.variant
  (#has-parent? @definition.variant "polymorphic_variant_type"))
(field_declaration (field_name) @name) @definition.field
(external . (_) @name) @definition.function
(value_specification . (_) @name type: (function_type)) @definition.function
(value_specification . (_) @name) @definition.variable
((value_definition
  (attribute_id) @test
  (let_binding pattern: (string) @name body: (_) @body)) @definition.function
  (#any-of? @test "test" "expect_test" "test_unit" "test_module" "bench"))
((value_definition (let_binding pattern: (unit) @name body: (_) @body)) @definition.function
  (#has-parent? @definition.function "compilation_unit" "structure"))
(let_binding
  pattern: [(value_name) (parenthesized_operator)] @name
  (parameter)
  body: (_) @body) @definition.function
(let_binding
  pattern: [(value_name) (parenthesized_operator)] @name
  body: [
    (fun_expression body: (_) @body)
    (function_expression) @body
  ]) @definition.function
(let_binding pattern: [(value_name) (parenthesized_operator)] @name body: (_)? @body) @definition.variable
(let_binding pattern: (tuple_pattern (_) @name) body: (_) @body) @definition.variable

; Around definitions
(module_definition) @wrapper
(class_definition) @wrapper
(class_type_definition) @wrapper
(type_definition) @wrapper
(value_definition) @wrapper
(comment) @comment

; Imports
(open_module module: (_) @path) @import
(include_module module: (_) @path) @import

; References
(application_expression function: [
  (value_path (value_name) @name)
  (method_invocation method: (method_name) @name)
]) @reference.call
((infix_expression operator: (_) @_operator right: (value_path (value_name) @name)) @reference.call
  (#any-of? @_operator "|>" ">>=" ">>|" ">|="))
((infix_expression left: (value_path (value_name) @name) operator: (_) @_operator) @reference.call
  (#eq? @_operator "@@"))
(module_application functor: (module_path (module_name) @name)) @reference.call
(inheritance_definition (class_path (class_name) @name)) @reference.base
(module_type_path (module_type_name) @name) @reference.base
(type_constructor_path (type_constructor) @name) @reference.type
(constructor_path (constructor_name) @name) @reference.use
(application_expression argument: (value_path (value_name) @name)) @reference.use
