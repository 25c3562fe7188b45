package operands

import rego.v2

p1 if input.a and (input.b and input.c)
p2 if input.a or (input.b or input.c)
p3 if input.a or input.b and input.c
p4 if input.a and (input.b or input.c)
p5 if (input.a or input.b) and input.c
p6 if input.a and input.b or input.c
p7 if { input.a; input.b } and not input.c
p8 if not input.c and input.b
p9 if { not input.c } and input.b
p10 if not { input.c }
p11 if not { input.c; input.d }
p12 if not input.c
p13 if not input.c.d > 3
p15 if { input.a or input.b } and input.c
p16 if { input.a or input.b } and input.c
p17 if every x in input.xs { x or input.b }

p18 if {
	x := [y | y := input.z; y and input.k]
	x
}

p19 if { input.a with input.x as 1 } and input.b
p21 if not { not input.a }
p22 if not { input.a and input.b }
p25 if not input.x == 3
p26 if not { input.x == 3 }
p27 if not { some x in input.y; x }
p28 if not f(input.x)
f(x) if x > 3
p29 if input.a and { input.b or input.c }
p30 if input.a and input.b and input.c
p31 if not startswith(input.x, "a")
p32 if not g
g if input.x
g if input.y
p33 if not h

h if {
	input.x
	input.y
}

p34 if not input.x[input.y]
p35 if not startswith("a", "b")
p36 if not input.x in input.y
p37 if not { x := input.x; x > 3 }

default p38 := false

p38 if not input.x == input.y.z
