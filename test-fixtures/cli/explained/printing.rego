package printing

import future.keywords.not

none if not {
	some x in [1, 2]
	print("none", x)
}

twice if not {
	some x in input.numbers
	print("asked about", x)
	x > 1
}
