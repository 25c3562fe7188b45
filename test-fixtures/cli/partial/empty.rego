package empty

s contains x if {
	1 > 2
	some x in input.xs
}

o[k] := v if {
	1 > 2
	some k, v in input.o
}

p if count(s) == input.n

# Bodies that can never hold for their types are not left.
t contains x if {
	y := "a"
	x := object.get(input.o, y, "b")
	startswith(f(y), x)
}

t contains 1 if {
	some y in [1, "a"]
	startswith(y, input.a)
}

f(x) := x
