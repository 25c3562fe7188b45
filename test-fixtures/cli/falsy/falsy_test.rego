package falsy_test

test_false if {
	x := 1
	x == 1
	false
	print("after")
}

test_last if {
	x := 1
	false
}

test_only if false

test_two if {
	1 == 1
	data.falsy_test.q
}

q if {
	print("a")
	false
}

test_none if data.falsy_test.nope
