package access

import future.keywords.not
import future.keywords.or

default allow := false

allow if {
	some role in input.roles
	grants(role, input.action)
	not blocked
}

allow if {
	input.user == "root"
}

# Values differ: every branch is tried.
level := 3 if input.user == "root"

else := 2 if "admin" in input.roles

else := 1

grants("admin", _)

grants(role, action) if data.grants[role][_] == action

blocked if {
	input.user in {"eve"} or { input.locked; input.locked != "no" }
}

missing contains name if {
	some name in ["read", "write"]
	not { some role in input.roles; grants(role, name) }
}

sizes[role] := count(role) if {
	some role in input.roles
}

short if {
	every role in input.roles {
		sizes[role] < 4
	}
}

names := [upper(role) | some role in input.roles; role != "dev"]

told if {
	allow with input.roles as ["admin"]
	level == 1 with input as {"roles": []}
	trace("done")
}

falsy := x if {
	x := input.locked
	not x
}
