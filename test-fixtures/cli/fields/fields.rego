package fields

has(obj, field) if obj[field]

has(obj, field) if obj[field] == false

has(obj, field) := false if {
	not obj[field]
	not obj[field] == false
}

value_of(obj, field, _) := obj[field] if has(obj, field)

value_of(obj, field, otherwise) := otherwise if has(obj, field) == false

holds if {
	obj := {"a": false}
	value_of(obj, "a", "b") == false
}
