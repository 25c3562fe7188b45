package fatal

said if not print(1 / 0)

broken if {
	x := 1 / 0
	print(x)
}

on if {
	not broken
	print("on")
}

two := 1 if not broken

two := 2 if input == 7

conflict if two == 1 with input as 7

conflict if not broken

set contains x if {
	some x in [1, 2]
	print(x)
	10 / abs(x - 1) > 0
}
