package asked

p1 if {
	a := input.a
	b := input.b
}

p2 if {
	a := input.a
	b := input.b
	c := input.c
	o[k]
}

o[k] := 3 if k := input.k

p3 if {
	a = input.a
	b = input.b
	z = input.z
	c = input.c
	o[k]
	o[j]
}

p4 if {
	a := input.a
	b := count(input.b)
	c := input.c
	d := count(input.d)
	e := 1
	f := 1
	g := 1
	h := 1
	i := 1
	j := 1
	k := input.k
	l := input.l
}

p5 if {
	b := input.b
	a := input.a
}
