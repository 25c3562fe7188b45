package pointed

p := input.
	x
