package p

default a := false

a if {
	input.x == 1
	every y in [1,
		2] {
		y > 0
	}
	not input.z
	z := {k: v |
		some k, v in input.o
		v > 1
	}
	count(z) > 0 with input.q as 1
	some i
	input.arr[i] == 2
}

b contains 1

c["x"] := 2

d := 3 if input.d

else := 4

f(1) := 2

f(2) := 3 if true

g := f(2)

p[x] := y if some x, y in {"a": 1}

h if {
	input.role == "admin"
	input.x == 1
}

h if {
	print("h")
	input.x == 1
}

i.j.k := 1
