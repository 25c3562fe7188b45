package m2

test_a if {
	y := 1
	y == count([x | x := input[_]; x > 1]) + 3
}
