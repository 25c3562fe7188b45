package first

s := x if some x in [1, 2]

t := 1

t := x if {
	some x in [2]
}

f(x) := y if some y in [x, 10]

g(x) := to_number(x)

g(x) := "b" if x == "k"

h := x if {
	some x in ["u", "v"]
	to_number(x)
}

h := "u" if input == {}

k := "a"

k := "a" if {
	1 / 0
}

k := x if {
	x := input.nothere
}

r1 if {
	s
	t
}

r2 if {
	t
	s
}

r3 if {
	f(1)
	s
}

r4 if {
	h
	g("z")
}

r5 if {
	g("q")
	h
}

r6 if {
	f(3)
	g("q")
}

r7 := [x | some a in [1, 2]; x := f(a); g("w")]

r8 if {
	k == "a"
	s
}

r9 := object.union({"a": f(1)}, {"b": s})
r10 := [g("z"), f(1), s]
r11 := k
