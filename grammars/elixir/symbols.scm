; Definitions
(call
  target: (identifier) @_define
  (arguments . (_) @name)
  (do_block . (unary_operator
    operand: (call
      target: (identifier) @_attribute
      (arguments . [
        (string) @doc
        (sigil) @doc
      ])))) @body
  (#any-of? @_define "defmodule" "defprotocol")
  (#eq? @_attribute "moduledoc")) @definition.module
(call
  target: (identifier) @_define
  (arguments . (_) @name)
  (do_block) @body
  (#eq? @_define "defmodule")) @definition.module
(call
  target: (identifier) @_define
  (arguments . (_) @name)
  (do_block) @body
  (#eq? @_define "defprotocol")) @definition.interface
(call
  target: (identifier) @_define
  (arguments . (_) @name)
  (do_block) @body
  (#eq? @_define "defimpl")) @definition.impl
(call
  target: (identifier) @_define
  (arguments
    .
    [
      (call target: (identifier) @name)
      (identifier) @name
      (binary_operator left: (call target: (identifier) @name) operator: "when")
      (binary_operator left: (identifier) @name operator: "when")
      (binary_operator operator: _ @name)
      (unary_operator operator: _ @name)
    ]
    (keywords)? @body)
  (do_block)? @body
  (#any-of? @_define "def" "defp")) @definition.function
(call
  target: (identifier) @_define
  (arguments
    .
    [
      (call target: (identifier) @name)
      (identifier) @name
      (binary_operator left: (call target: (identifier) @name) operator: "when")
      (binary_operator left: (identifier) @name operator: "when")
      (binary_operator operator: _ @name)
      (unary_operator operator: _ @name)
    ]
    (keywords)? @body)
  (do_block)? @body
  (#any-of? @_define "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro
(call
  target: (identifier) @_define
  (arguments
    .
    (call target: (identifier) @name))
  (#eq? @_define "defdelegate")) @definition.function
(call
  target: (identifier) @name
  (arguments)
  (#any-of? @name "defstruct" "defexception")) @definition.struct
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_kind
    (arguments . (binary_operator left: [
      (identifier) @name
      (call target: (identifier) @name)
    ])))
  (#any-of? @_kind "type" "typep" "opaque")) @definition.type
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_kind
    (arguments . [
      (binary_operator left: (call target: (identifier) @name))
      (binary_operator left: (binary_operator left: (call target: (identifier) @name)))
    ]))
  (#any-of? @_kind "callback" "macrocallback")) @definition.method
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @name
    (arguments) @body)
  (#not-any-of? @name "doc" "moduledoc" "typedoc" "spec" "impl" "behaviour" "type" "typep" "opaque" "callback" "macrocallback" "deprecated" "since" "dialyzer" "derive" "optional_callbacks" "compile" "tag" "moduletag" "describetag" "external_resource" "before_compile" "after_compile" "on_definition" "enforce_keys" "shortdoc")) @definition.constant

; Tests are calls
(call
  target: (identifier) @_f
  (arguments . (string) @name)
  (do_block) @body
  (#any-of? @_f "test" "property")) @definition.function @test
(call
  target: (identifier) @_f
  (arguments . (string) @name)
  (do_block) @body
  (#eq? @_f "describe")) @definition.block @test

; Around definitions
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_name
    (arguments . [
      (string) @doc
      (sigil) @doc
    ]))
  (#any-of? @_name "doc" "typedoc")) @attribute
(unary_operator
  operator: "@"
  operand: (call target: (identifier) @_name)
  (#any-of? @_name "doc" "typedoc" "spec" "impl" "deprecated" "since" "dialyzer" "tag")) @attribute
(comment) @comment

; Imports
(call
  target: (identifier) @_f
  (arguments . [
    (alias) @path
    (dot left: (alias) @path)
  ])
  (#any-of? @_f "use" "import" "alias" "require")) @import

; References
(call
  target: (identifier) @name
  (#not-any-of? @name "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defmodule" "defprotocol" "defimpl" "defstruct" "defexception" "use" "import" "alias" "require" "doc" "moduledoc" "typedoc" "spec" "type" "typep" "opaque" "callback" "impl" "behaviour" "since" "tag" "enforce_keys" "derive" "if" "unless" "case" "cond" "with" "for" "quote" "unquote" "fn")) @reference.call
(call target: (dot right: (identifier) @name)) @reference.call
(unary_operator
  operator: "@"
  operand: (call target: (identifier) @_name (arguments . (alias) @name))
  (#eq? @_name "behaviour")) @reference.base
(call
  target: (identifier) @_f
  (arguments . (alias) @name)
  (do_block)
  (#eq? @_f "defimpl")) @reference.base
(alias) @name @reference.use
