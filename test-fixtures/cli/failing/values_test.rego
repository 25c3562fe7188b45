package values_test

users := [{"name": "bob", "roles": ["dev"]}, {"name": "alice", "roles": ["admin", "é"]}]

admins contains u.name if {
	some u in users
	"admin" in u.roles
}

allow if input.user in admins

default deny := false

deny if input.blocked

level(x) := "high" if x > 10

level(x) := "low" if x <= 10

test_allow if allow with input as {"user": "bob"}

test_eq if input.x == 5 with input as {"x": 4}

test_eq_two if {
	x := 1
	y := 2
	x == y
}

test_not if not admins["alice"]

test_deny if {
	not allow with input.user as "alice"
}

test_deny_true if deny

test_ref if users[0].name == "alice"

test_some if {
	some i
	users[i].name == "carol"
}

test_level if level(3) == "high"

test_comp if count([u | some u in users; u.name != "bob"]) == 2

test_obj if {
	got := {"a": 1, "b": [1, 2, {"c": 3}]}
	got.b[2].c == 4
}

test_multi if {
	got := {
		"a": 1,
	}
	exp := {"a": 2}
	got == exp
}

test_multiline if {
	x := 3
	level(
		x,
	) == "high"
}

test_long if {
	x := "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	y := x
	y != x
}

test_every if {
	every u in users {
		n := u.name
		n == "bob"
	}
}

test_deep if {
	every u in users {
		some r in u.roles
		startswith(r, "d")
	}
}

test_note if {
	trace("a note")
	count(users) == 0
}

test_builtin if {
	to_number("x") == 1
}

test_with if {
	u := {"user": "zoe"}
	allow with input as u
}

test_else := false

test_cases[tc.note] if {
	some tc in [
		{"note": "one", "in": 3, "exp": "low"},
		{"note": "two", "in": 13, "exp": "low"},
		{"note": "three", "in": 30, "exp": "low"},
	]
	level(tc.in) == tc.exp
}

test_nested[a][b] if {
	some a in ["x", "y"]
	some b in [1, 2]
	b == 1
	a == "x"
}

test_partial if {
	admins == {"bob"}
}

test_template if {
	x := 1
	$"v{x}" == "v2"
}

test_arith if {
	x := 3
	y := 4
	x + y == 8
}

test_in if "z" in admins


test_object_ref if data.values_test.users[1].roles[_] == "dev"

test_walk if {
	[p, v] := walk(users)
	v == "nobody"
	count(p) == 7
}
test_set if {1, 2} & {2, 3} == {3}
test_negvar if {
	x := 3
	not x == 3
}
