package authz

default allow := false

allow if input.role == "admin"

allow if {
	input.role == "user"
	input.path == ["users", input.name]
}

level := n if {
	n := count(input.groups)
	n > 2
}
