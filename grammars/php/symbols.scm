; Definitions
(namespace_definition name: (_) @name body: (compound_statement) @body) @definition.namespace
(namespace_definition name: (_) @name) @definition.namespace
(class_declaration attributes: (_)? @attribute name: (_) @name body: (_) @body) @definition.class
(interface_declaration attributes: (_)? @attribute name: (_) @name body: (_) @body) @definition.interface
(trait_declaration attributes: (_)? @attribute name: (_) @name body: (_) @body) @definition.trait
(enum_declaration attributes: (_)? @attribute name: (_) @name body: (_) @body) @definition.enum
(enum_case attributes: (_)? @attribute name: (_) @name) @definition.variant
(function_definition attributes: (_)? @attribute name: (_) @name body: (_) @body) @definition.function
(method_declaration
  attributes: (_)? @attribute
  name: (_) @name
  body: (_)? @body
  (#eq? @name "__construct")) @definition.constructor
(method_declaration attributes: (_)? @attribute name: (_) @name body: (_)? @body) @definition.method
(property_declaration
  attributes: (_)? @attribute
  (property_element name: (variable_name (name) @name) default_value: (_)? @body)) @definition.property
(const_declaration attributes: (_)? @attribute (const_element . (name) @name (_) @body)) @definition.constant
(expression_statement
  (function_call_expression
    function: (name) @_f
    arguments: (arguments . (argument (string (string_content) @name)) . (argument) @body))
  (#eq? @_f "define")) @definition.constant
(expression_statement
  (assignment_expression
    left: (variable_name (name) @name)
    right: [
      (anonymous_function body: (_) @body)
      (arrow_function body: (_) @body)
    ])) @definition.function
(expression_statement
  (assignment_expression left: (variable_name (name) @name) right: (_) @body)) @definition.variable

; Around definitions
(comment) @comment

; Variables that belong to no class
(anonymous_function) @local
(arrow_function) @local
(if_statement) @local
(for_statement) @local
(foreach_statement) @local
(while_statement) @local
(switch_statement) @local
(try_statement) @local

; Imports
(namespace_use_declaration (namespace_use_clause (_) @path)) @import
(namespace_use_declaration (namespace_name) @path) @import
(include_expression (_) @path) @import
(include_once_expression (_) @path) @import
(require_expression (_) @path) @import
(require_once_expression (_) @path) @import

; References
(function_call_expression function: [
  (name) @name
  (qualified_name (name) @name)
]) @reference.call
(member_call_expression name: (name) @name) @reference.call
(nullsafe_member_call_expression name: (name) @name) @reference.call
(scoped_call_expression name: (name) @name) @reference.call
(object_creation_expression [
  (name) @name
  (qualified_name (name) @name)
]) @reference.call
(scoped_call_expression scope: [
  (name) @name
  (qualified_name (name) @name)
]) @reference.use
(class_constant_access_expression . [
  (name) @name
  (qualified_name (name) @name)
]) @reference.use
(base_clause [
  (name) @name
  (qualified_name (name) @name)
]) @reference.base
(class_interface_clause [
  (name) @name
  (qualified_name (name) @name)
]) @reference.base
(use_declaration [
  (name) @name
  (qualified_name (name) @name)
]) @reference.base
(named_type [
  (name) @name
  (qualified_name (name) @name)
]) @reference.type
(attribute [
  (name) @name
  (qualified_name (name) @name)
]) @reference.call
