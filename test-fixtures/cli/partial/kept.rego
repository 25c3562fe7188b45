package kept

import rego.v1

p if {
	q
	data.base.x
	r[1]
	f(2) == 3
	input.z
}

q if data.base.y
q2 := 7
r contains x if some x in data.base.xs
o[k] := v if some k, v in data.base.o
f(x) := x + 1
g(x) := x + input.q

default d := false

d if 1 == 1
s if not q
s2 if not q3
q3 if input.k
k if data.kept.b.x

t if {
	some i
	data.kept.b[i]
}

u if data.base.o[input.k]

w if {
	y := [z | z := data.base.xs[_]]
	count(y) > 1
}
