package pointed

p if {
	some input, x
	input[x]
}
