package keyed

o.x := 1 if input.x
o["y-z"] := 2 if input.y
o[k] := 3 if k := input.k
o[3] := 4 if input.q
o2.x := 1
o2.y := input.q
n.a.b := 1 if input.x
n.a[k] := 1 if k := input.k
n2.a.b := 1 if input.x
n2.a.c := 2 if input.y
s.x contains 1 if input.x
s[k] contains 2 if k := input.k
h.x contains input.k

default df(_) := false

df(x) if x > input.k
dg(x) := 1 if x > input.k
dg(x) := 2 if x < input.l

default dh(_) := 5

dh(x) := 3 if x == input.k

ef(x) := 1 if x > input.k

else := 2

eg(x) := 1 if x > 3

else := 2

p1 if df(3)
p2 if dh(3) == 3
p3 if ef(3) == 2
p4 if eg(input.x) == 2
p5 if eg(4) == 1
p6 if dg(input.q) == 1

default d1 := 3

d1 := 4 if input.x
d2 := d1

default d3 := false

d3 if input.x
p7 if d3
p8 if not d3
p9 if d3 == true
p10 if d3 == false
p11 if d1 == 3
p12 if d1 > 3
p13 := d1
p14 if not df(2)
p15 if not dg(2)
p16 contains df(x) if some x in [1, 2]
p17 := {k: v | some k, v in o}

p18 if {
	some k
	o[k] == 3
}

p19 if {
	some k
	n[k].b == 1
}

p20 if {
	some k, v
	s[k][v]
}

p21 := n.a
p22 := s.x
p23 := h
p24 := n2
p25 if n2.a.b
