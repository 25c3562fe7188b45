package printed

import future.keywords.or

p := x if {
	some x in [1, 1, 1]
	print("p", x)
}

f(y) := x if {
	some x in [1, 1, 1]
	print("f", x, y)
}

s := x if {
	some x in [1, 2]
	print("s", x)
}

t := y if y := 1

t := y if {
	y := 2
	print("t2")
}

g(x) := x if {
	some y in [1, 2]
	f(y)
	print("g", x, y)
}

g(x) := x if print("g2", x)

e(x) := "a" if {
	x == 1
	print("e1")
} else := y if {
	some y in ["b", "b"]
	print("e2", y)
}

default e(_) := "d"

w := z if {
	some q in [1, 1]
	z := f(q) with input.q as q
	print("w", z)
}

r1 if {
	p
	print("q")
}

r2 contains z if {
	some z in [1, 2]
	f(z)
	print("r", z)
}

r3 if {
	s
	print("u1")
	t
}

r4 := [x | some a in [1, 2]; x := g(a); print("in", x)]

r5 if {
	not f(7)
	print("never")
}

r6 if {
	every a in [1, 2] {
		f(a) == 1
		print("every", a)
	}
	print("after")
}

r7 := {e(1), e(2), e(3)}

r8 := x if {
	x := w
	print("r8", x)
}

r9 := [p, f(1), p, f(1), w]

r10 := {k: v | some k in ["a", "b"]; v := f(k); print("oc", k, v)}

r11 if {
	p == 2
} else if {
	f(3) == 1
	print("else")
} else if print("no")

r12 := x if {
	f(1)
	f(2)
	f(3)
	x := p + g(1)
	print("r12")
}

r13 if {
	f(1) == 2 or p == 1
	print("r13")
}

r14 := sprintf("%d %v", [f(1), {y | y := g(2)}])

r15[x] := y if {
	some x in ["a", "b"]
	y := f(x)
	print("r15", x)
}

r16 if {
	some x in ["a", "b"]
	r15[x] == f(x)
	print("r16", x)
}

r17 if {
	t == 1
	print("unreached?")
}

r18 := x if {
	f(1)
	x := r19
	print("r18")
}

r19 := y if {
	p
	some y in [1, 1]
	g(y)
	print("r19")
}
