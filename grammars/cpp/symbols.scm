; Tests of the usual frameworks: TEST(Suite, name) and TEST_CASE("name")
(function_definition
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list
      . (parameter_declaration type: (type_identifier) @name)
      . (parameter_declaration type: (type_identifier) @name)?))
  body: (_) @body @test
  (#any-of? @_macro "TEST" "TEST_F" "TEST_P" "TYPED_TEST" "TYPED_TEST_P" "TEST_CASE_METHOD" "BOOST_FIXTURE_TEST_CASE")) @definition.function
(function_definition
  declarator: (function_declarator
    declarator: (identifier) @_macro
    parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name)))
  body: (_) @body @test
  (#any-of? @_macro "TEST_CASE" "SCENARIO" "TEMPLATE_TEST_CASE" "TEST_CASE_TEMPLATE" "BOOST_AUTO_TEST_CASE")) @definition.function

; Functions, methods and their prototypes
(function_definition
  declarator: [
    (function_declarator declarator: [
      (identifier) @name
      (field_identifier) @name
      (qualified_identifier) @name
      (destructor_name) @name
      (operator_name) @name
      (template_function name: (_) @name)
      (template_method name: (_) @name)
    ])
    (pointer_declarator declarator: (function_declarator declarator: (template_function name: (_) @name)))
    (reference_declarator (function_declarator declarator: (template_function name: (_) @name)))
    (operator_cast "operator" @name type: (_) @name.end declarator: [
      (abstract_pointer_declarator "*" @name.end)
      (abstract_reference_declarator ["&" "&&"] @name.end)
      (_)
    ])
    (qualified_identifier name: (operator_cast type: (_) @name.end declarator: [
      (abstract_pointer_declarator "*" @name.end)
      (abstract_reference_declarator ["&" "&&"] @name.end)
      (_)
    ])) @name
    (_) @declarator
  ]
  (field_initializer_list)? @body
  body: (_)? @body
  (#not-any-of? @name "if" "for" "while" "switch" "return" "else" "sizeof")
  (#not-any-of? @name "TEST" "TEST_F" "TEST_P" "TYPED_TEST" "TYPED_TEST_P" "TEST_CASE_METHOD" "BOOST_FIXTURE_TEST_CASE")
  (#not-any-of? @name "TEST_CASE" "SCENARIO" "TEMPLATE_TEST_CASE" "TEST_CASE_TEMPLATE" "BOOST_AUTO_TEST_CASE")) @definition.function
(declaration
  declarator: [
    (function_declarator declarator: [
      (identifier) @name
      (qualified_identifier) @name
      (destructor_name) @name
      (operator_name) @name
    ])
    (pointer_declarator declarator: (function_declarator declarator: [(identifier) (qualified_identifier) (operator_name)] @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))
    (reference_declarator (function_declarator declarator: [(identifier) (qualified_identifier) (operator_name)] @name))
    (operator_cast "operator" @name type: (_) @name.end declarator: [
      (abstract_pointer_declarator "*" @name.end)
      (abstract_reference_declarator ["&" "&&"] @name.end)
      (_)
    ])
  ]) @definition.function
(field_declaration
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (function_declarator declarator: (template_method name: (_) @name))
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name)))
    (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  ]) @definition.function

; Types; one without a name of its own is called by its typedef
(class_specifier
  name: [
    (type_identifier) @name
    (template_type name: (_) @name)
    (qualified_identifier) @name
  ]
  body: (_) @body) @definition.class
(struct_specifier
  name: [
    (type_identifier) @name
    (template_type name: (_) @name)
    (qualified_identifier) @name
  ]
  body: (_) @body) @definition.struct
(union_specifier
  name: [
    (type_identifier) @name
    (template_type name: (_) @name)
    (qualified_identifier) @name
  ]
  body: (_) @body) @definition.union
(enum_specifier name: (_) @name body: (_) @body) @definition.enum
(enumerator name: (identifier) @name value: (_)? @body) @definition.variant
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
    (class_specifier body: (_)? @body)
    (union_specifier body: (_)? @body)
    (enum_specifier body: (_)? @body)
    (_)
  ]
  declarator: (_) @declarator) @definition.type
(alias_declaration name: (type_identifier) @name) @definition.type
(concept_definition name: (identifier) @name . (_) @body) @definition.type
(namespace_definition
  name: [(namespace_identifier) (nested_namespace_specifier)] @name
  body: (_) @body) @definition.namespace

(field_declaration
  type: [(struct_specifier body: (_) @body) (union_specifier body: (_) @body) (enum_specifier body: (_) @body) (_)]
  declarator: (_) @declarator
  default_value: (_)? @body) @definition.field
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
(template_declaration) @wrapper
(access_specifier) @visibility
(friend_declaration) @wrapper
(friend_declaration (declaration) @skip)
(attribute_declaration) @attribute
(comment) @comment

; Imports
(preproc_include path: (_) @path) @import

; References
(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (field_expression field: (template_method name: (field_identifier) @name))
  (template_function name: (identifier) @name)
  (qualified_identifier name: [
    (identifier) @name
    (template_function name: (identifier) @name)
    (qualified_identifier name: [
      (identifier) @name
      (template_function name: (identifier) @name)
      (qualified_identifier name: (identifier) @name)
    ])
  ])
]) @reference.call
(base_class_clause [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
  (qualified_identifier name: (type_identifier) @name)
  (qualified_identifier name: (template_type name: (type_identifier) @name))
]) @reference.base
(type_identifier) @name @reference.type
