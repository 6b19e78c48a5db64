; Definitions
(message (message_name (identifier) @name) (message_body) @body) @definition.message
(group (message_name (identifier) @name) (message_body) @body) @definition.message
(extend (full_ident) @name (message_body) @body) @definition.extension
(enum (enum_name (identifier) @name) (enum_body) @body) @definition.enum
(enum_field . (identifier) @name) @definition.variant
(field (identifier) @name) @definition.field
(map_field (identifier) @name) @definition.field
(oneof (identifier) @name "{" @body "}" @body) @definition.union
(oneof_field (identifier) @name) @definition.field
(service (service_name (identifier) @name) "{" @body "}" @body) @definition.service
(rpc (rpc_name (identifier) @name) "{"? @body "}"? @body) @definition.rpc

; Around definitions
(comment) @comment

; Imports
(import path: (_) @path) @import

; References
(message_or_enum_type (identifier) @name .) @reference.type
