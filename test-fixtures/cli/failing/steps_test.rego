package steps_test

allow if {
	some x in input.roles
	x == "admin"
	not deny
}

deny if input.blocked

f(x) := y if {
	y := x + 1
}

s contains x if {
	some x in [1, 2, 3]
	x > 1
}

test_a if {
	allow with input as {"roles": ["user", "admin"], "blocked": true}
}

test_b if {
	y := f(2)
	trace("note")
	print(y)
	y == 4
}

test_c if {
	every v in s { v > 2 }
}

test_d := false

test_e if { 1 / 0 == 1 }

test_cases[name] if {
	some name, c in {"one": {"x": 1, "w": 2}, "two": {"x": 2, "w": 4}}
	f(c.x) == c.w
}
