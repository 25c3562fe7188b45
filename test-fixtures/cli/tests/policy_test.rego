package authz_test

import data.authz

test_admin if authz.allow with input as {"role": "admin"}

test_user if {
	request := {"role": "user", "path": ["users", "bob"], "name": "bob"}
	print("request of", request.name)
	authz.allow with input as request
}

test_fails if {
	x := 1
	y := x + 1
	print("y is", y)
	y == 3
}

todo_test_later if false

test_level if authz.level == 3 with input.groups as ["a", "b", "c"]

test_cases[name] if {
	some name, c in {
		"admin": {"input": {"role": "admin"}, "want": true},
		"guest": {"input": {"role": "guest"}, "want": true},
		"none": {"input": {}, "want": false},
	}
	got := authz.allow with input as c.input
	got == c.want
}

test_nested[kind][name] if {
	some kind, group in {"low": {"one": 1, "two": 2}, "high": {"ten": 10}}
	some name, value in group
	value < 5
}
