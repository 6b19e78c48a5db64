; Definitions
(rule_set (selectors) @name (block) @body) @definition.rule
(media_statement (block) @body) @definition.rule @name
(supports_statement (block) @body) @definition.rule @name
(keyframes_statement (keyframe_block_list) @body) @definition.rule @name
(scope_statement (block) @body) @definition.rule @name
(at_rule (block) @body) @definition.rule @name
((declaration (property_name) @name) @definition.property
  (#match? @name "^--"))

; Around definitions
(comment) @comment
(js_comment) @comment

; Imports
(import_statement [
  (string_value) @path
  (call_expression (arguments [(string_value) (plain_value)] @path))
]) @import

; References
((call_expression (function_name) @_function (arguments . (plain_value) @name)) @reference.use
  (#eq? @_function "var"))
