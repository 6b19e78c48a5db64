; Definitions
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.1 (#any-of? @_tag "h1" "H1"))
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.2 (#any-of? @_tag "h2" "H2"))
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.3 (#any-of? @_tag "h3" "H3"))
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.4 (#any-of? @_tag "h4" "H4"))
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.5 (#any-of? @_tag "h5" "H5"))
((element (start_tag (tag_name) @_tag)) @definition.heading @name @heading.6 (#any-of? @_tag "h6" "H6"))
((element (start_tag
  (tag_name) @_tag
  (attribute
    (attribute_name) @_attribute
    [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name])) @signature) @definition.element
  (#any-of? @_attribute "id" "ID")
  (#not-any-of? @_tag "h1" "h2" "h3" "h4" "h5" "h6" "H1" "H2" "H3" "H4" "H5" "H6"))
((element (self_closing_tag
  (attribute
    (attribute_name) @_attribute
    [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name])) @signature) @definition.element
  (#any-of? @_attribute "id" "ID"))
((element (start_tag (tag_name) @name) @signature) @definition.element
  (#any-of? @name "main" "nav" "header" "footer" "aside" "article" "form" "dialog" "template"))
(script_element (start_tag (tag_name) @name) @signature) @definition.element
(style_element (start_tag (tag_name) @name) @signature) @definition.element

; Around definitions
(comment) @comment

; Imports
((script_element (start_tag (attribute
  (attribute_name) @_attribute
  [(quoted_attribute_value (attribute_value) @path) (attribute_value) @path]))) @import
  (#eq? @_attribute "src"))
((element (start_tag
  (tag_name) @_tag
  (attribute (attribute_name) @_attribute [(quoted_attribute_value (attribute_value) @path) (attribute_value) @path])
)) @import
  (#eq? @_tag "link")
  (#eq? @_attribute "href"))
((element (self_closing_tag
  (tag_name) @_tag
  (attribute (attribute_name) @_attribute [(quoted_attribute_value (attribute_value) @path) (attribute_value) @path])
)) @import
  (#eq? @_tag "link")
  (#eq? @_attribute "href"))
