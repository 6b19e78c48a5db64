; Definitions
(create_table (object_reference schema: (_)? @namespace name: (_) @name) (column_definitions)? @body) @definition.table
(create_view (object_reference schema: (_)? @namespace name: (_) @name) (create_query)? @body) @definition.table
(create_materialized_view (object_reference schema: (_)? @namespace name: (_) @name) (create_query)? @body) @definition.table
(create_function (object_reference schema: (_)? @namespace name: (_) @name) (function_body)? @body) @definition.function
(create_trigger (keyword_trigger) . (object_reference schema: (_)? @namespace name: (_) @name)) @definition.event
(create_type (object_reference schema: (_)? @namespace name: (_) @name)) @definition.type
(create_sequence (object_reference schema: (_)? @namespace name: (_) @name)) @definition.variable
(create_index column: (_) @name) @definition.key
(create_schema (identifier) @name) @definition.namespace
(create_database (identifier) @name) @definition.namespace
(create_role (identifier) @name) @definition.object
(column_definition name: (_) @name) @definition.field
(constraint (keyword_constraint) . name: (_) @name) @definition.rule
(alter_table (object_reference name: (_) @namespace) (add_column (column_definition name: (_) @name))) @definition.field
(alter_table (object_reference name: (_) @namespace) (add_constraint (identifier) @name)) @definition.rule
(cte . (identifier) @name) @definition.variable

; What dialects add is an error to the grammar; the beginning of a statement still tells its name
(ERROR . (keyword_create) . (keyword_or)? . (keyword_replace)? . (keyword_table) . (object_reference schema: (_)? @namespace name: (_) @name) @signature) @definition.table
(ERROR . (keyword_create) . (keyword_or)? . (keyword_replace)? . (keyword_view) . (object_reference schema: (_)? @namespace name: (_) @name) @signature) @definition.table
(ERROR . (keyword_create) . (keyword_or)? . (keyword_replace)? . (keyword_function) . (object_reference schema: (_)? @namespace name: (_) @name) @signature) @definition.function
(ERROR . (keyword_create) . (keyword_or)? . (keyword_replace)? . (keyword_trigger) . (object_reference schema: (_)? @namespace name: (_) @name) @signature) @definition.event

; Around definitions
(statement) @wrapper
(comment) @comment
(marginalia) @comment

; Imports
(create_extension (identifier) @path) @import

; References
(invocation (object_reference name: (_) @name)) @reference.call
(relation (object_reference name: (_) @name)) @reference.use
(column_definition (keyword_references) . (object_reference name: (_) @name)) @reference.use
(column_definition custom_type: (object_reference name: (_) @name)) @reference.type
(insert (object_reference name: (_) @name)) @reference.use
(alter_table (object_reference name: (_) @name)) @reference.use
(create_index (keyword_on) . (object_reference name: (_) @name)) @reference.use
(create_trigger (keyword_on) . (object_reference name: (_) @name)) @reference.use
(create_trigger [(keyword_function) (keyword_procedure)] . (object_reference name: (_) @name)) @reference.call
(drop_table (object_reference name: (_) @name)) @reference.use
