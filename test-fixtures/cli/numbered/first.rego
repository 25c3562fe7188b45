package m1

f(x) := y if {
	y := x + 1
	z := y
	z > 0
}
