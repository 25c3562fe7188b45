package negated

import rego.v2

g if input.x
g if input.y

h if {
	input.x
	input.y
}

t if 1 == 1
k contains x if some x in input.xs
p1 if not { g; input.z }
p2 if not { h; input.z }
p3 if not { t; input.z }
p4 if not { t }
p5 if not { k[input.q]; input.z }

p6 if {
	some x in input.xs
	not { g; x }
}

p7 if {
	some x in input.xs
	not { y := x.a; y > 3 }
}

p8 if {
	some x in input.xs
	not x.a > 3
}

p9 if not g

p10 if {
	some x in input.xs
	not k[x]
}

p11 if not { 1 == 2; input.z }
p12 if not { k[x]; x > 3 }
p13 if input.a and { g; input.z }
p14 if g and t
p15 if t and input.x

p16 if {
	some x in input.xs
	x.a and x.b or t
}

p17 if {
	some x in [1, 2]
	x == input.k and input.l == x
}

p18 contains x if {
	some x in [1, 2]
	not { input.a == x }
}

p19 contains x if {
	some x in [1, 2]
	not input.a == x
}
