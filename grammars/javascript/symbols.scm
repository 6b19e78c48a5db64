; Imports, before the variables that they bind
(import_statement source: (string (string_fragment) @path)) @import
(export_statement source: (string (string_fragment) @path)) @import
(variable_declarator
  value: [
    (call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @path)))
    (member_expression object: (call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @path))))
    (call_expression function: (call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @path))))
  ]
  (#eq? @_f "require")) @import
(expression_statement
  (call_expression function: (identifier) @_f arguments: (arguments . (string (string_fragment) @path)))
  (#eq? @_f "require")) @import
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @path))) @import

; Definitions
(class_declaration name: (_) @name body: (_) @body) @definition.class
(class name: (_) @name body: (_) @body) @definition.class
(method_definition decorator: (_)? @attribute name: (_) @name body: (_) @body (#eq? @name "constructor")) @definition.constructor
(method_definition decorator: (_)? @attribute name: (_) @name body: (_) @body) @definition.method
(field_definition
  property: (_) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
  ]) @definition.method
(field_definition property: (_) @name value: (_)? @body) @definition.field
(function_declaration name: (_) @name body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name body: (_) @body) @definition.function
(function_expression name: (_) @name body: (_) @body) @definition.function
(generator_function name: (_) @name body: (_) @body) @definition.function

(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
    (call_expression function: (member_expression object: (function_expression body: (_) @body)))
  ]) @definition.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(variable_declarator name: (identifier) @name value: (_)? @body) @definition.variable
(variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @name
  (pair_pattern value: (identifier) @name)
]) value: (_) @body) @definition.variable
(variable_declarator name: (array_pattern (identifier) @name) value: (_) @body) @definition.variable

; Functions and classes assigned to names
(assignment_expression
  left: (identifier) @name
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.function
(assignment_expression
  left: (member_expression property: (property_identifier) @_exports) @_left
  right: [
    (function_expression name: (identifier) @name @exported body: (_) @body)
    (generator_function name: (identifier) @name @exported body: (_) @body)
  ]
  (#any-of? @_left "module.exports" "exports")) @definition.function
(assignment_expression
  left: (member_expression) @_left
  right: (class name: (_) @name @exported body: (_) @body)
  (#eq? @_left "module.exports")) @definition.class
(assignment_expression
  left: (member_expression
    object: [
      (identifier) @_object
      (member_expression) @_object
      (this) @_object
    ]
    property: (_) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]
  (#any-of? @_object "exports" "module.exports" "module" "this" "self" "window" "globalThis" "global")) @definition.function
(assignment_expression
  left: (member_expression
    object: [
      (identifier) @scope
      (member_expression object: (_) @scope property: (property_identifier) @_prototype)
    ]
    property: (_) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]
  (#eq? @_prototype "prototype")) @definition.method
(assignment_expression
  left: (member_expression object: (_) @scope property: (_) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.method
(assignment_expression
  left: (member_expression object: (_) @_object property: (_) @name)
  right: (class body: (_) @body)
  (#any-of? @_object "exports" "module.exports")) @definition.class
(assignment_expression
  left: (member_expression property: (_) @name @exported) @_left
  right: (object [
    (method_definition)
    (pair value: (function_expression))
    (pair value: (arrow_function))
  ]) @body
  (#eq? @_left "module.exports")) @definition.object
(pair
  key: (_) @name
  value: [
    (arrow_function body: (statement_block) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.method

; Anonymous default exports
(export_statement
  "default" @name @exported
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.function
(export_statement "default" @name @exported value: (class body: (_) @body)) @definition.class
(export_statement "default" @name @exported value: (object) @body) @definition.object

; Names exported elsewhere
(export_specifier name: (identifier) @exported)
(export_statement "default" value: (identifier) @exported)
(assignment_expression
  left: (member_expression) @_left
  right: [
    (identifier) @exported
    (object (shorthand_property_identifier) @exported)
    (object (pair value: (identifier) @exported))
  ]
  (#eq? @_left "module.exports"))
(assignment_expression
  left: (member_expression object: (_) @_left property: (_) @exported)
  (#any-of? @_left "module.exports" "exports"))

; Tests are calls
(call_expression
  function: [
    (identifier) @_f
    (member_expression object: (identifier) @_f)
    (call_expression function: (member_expression object: (identifier) @_f))
  ]
  arguments: (arguments . [
    (string) @name
    (template_string) @name
  ] [
    (arrow_function) @body
    (function_expression) @body
  ])
  (#any-of? @_f "describe" "suite" "context" "fdescribe" "xdescribe")) @definition.block @test
(call_expression
  function: [
    (identifier) @_f
    (member_expression object: (identifier) @_f)
    (call_expression function: (member_expression object: (identifier) @_f))
  ]
  arguments: (arguments . [
    (string) @name
    (template_string) @name
  ] [
    (arrow_function) @body
    (function_expression) @body
  ])
  (#any-of? @_f "it" "test" "specify" "fit" "xit" "xtest")) @definition.function @test

; Around definitions
(export_statement) @wrapper
(lexical_declaration) @wrapper
(variable_declaration) @wrapper
(expression_statement) @wrapper
(decorator) @attribute
(comment) @comment

; Variables that belong to no module or class
(arrow_function) @local
(function_expression) @local
(generator_function) @local
(class_static_block) @local
(if_statement) @local
(for_statement) @local
(for_in_statement) @local
(while_statement) @local
(try_statement) @local
(switch_statement) @local

; References
(call_expression function: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.call
(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.call
(decorator [
  (identifier) @name
  (call_expression function: (identifier) @name)
]) @reference.call
(class_heritage [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.base
(jsx_opening_element name: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.use
(jsx_self_closing_element name: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)
]) @reference.use
