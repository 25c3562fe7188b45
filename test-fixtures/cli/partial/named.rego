package named

import rego.v2

p1 if {
	x := input.a
	y := x
}

p2 if {
	x := input.a
	y := x
	z := y
}

p3 if {
	x := count(input.a)
	y := x
}

p4 if {
	x := input.a
	y := input.a
}

p5 if {
	x := input.a
	y := input.a
	x == y
}

p6 if {
	x = input.a
	x = input.a
}

p7 if input.a = input.a

p8 if {
	x := input.a
	not { x; input.b }
}

p9 if {
	x := input.a
	not { x }
}

p10 if {
	x := input.a
	not { input.b == x }
}

p11 if {
	x := input.a
	x or input.b
}

p12 if {
	x := input.a
	y := [x]
}

p13 if {
	x := [y | y := input.z]
	x
}

p14 if {
	x := input.a
	x
}

p15 if {
	some x in input.xs
	x
}

p16 if {
	some x
	input.xs[x]
	x
}

p17 if {
	x := input.a + 1
	x
}

p18 if {
	x := input.a
	b := x
	not b
}

p19 if {
	x := {"a": input.z}
	x
}

p20 if {
	x := {"a": input.z}
	x.a
}

p21 if {
	z := input.z
	q := z
	o[q]
}

o[k] := v if some k, v in input.o

p22 if {
	x := input.a
	input.b == x
	not input.c
}

p23 if {
	input.a == x
	x = input.b
}

p24 if {
	[a, b] = input.x
	a
}

p25 if {
	{"a": a} = input.x
	a == 3
}

p26 if {
	[a, 1] = [input.x, b]
	a > b
}

p27 if {
	input.x = [a, b]
	a == b
}

p28 if {
	a := input.x[b]
	b == 3
}
