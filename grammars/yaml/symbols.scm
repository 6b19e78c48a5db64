; Definitions
((block_mapping
  (block_mapping_pair key: (_) @_kind value: (_) @name) @signature
  (block_mapping_pair key: (_) @_metadata value: (block_node (block_mapping
    (block_mapping_pair key: (_) @_name value: (_) @name))))) @definition.object
  (#eq? @_kind "kind")
  (#eq? @_metadata "metadata")
  (#eq? @_name "name"))
(block_mapping_pair key: (_) @name ":" @body value: (_)? @body) @definition.key
(flow_pair key: (_) @name value: (_)? @body) @definition.key
((block_sequence_item (block_node (block_mapping
  . (block_mapping_pair key: (_) @_key value: (_) @name) @signature))) @definition.element
  (#any-of? @_key "name" "id" "key" "title" "label" "uses" "run" "hosts" "alert" "record"))

; Around definitions
(block_node . (block_mapping)) @wrapper
(block_node . (block_sequence)) @wrapper
(block_mapping) @wrapper
(block_sequence) @wrapper
(comment) @comment

; Imports
((block_mapping_pair key: (_) @_key value: (_) @path) @import
  (#eq? @_key "uses"))

; References
(alias (alias_name) @name) @reference.use
