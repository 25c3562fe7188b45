package closures

import future.keywords.not

p if {
	not [v | v := input.v; v = 2]
	print([x | x := 1; x == 1], $"{input.x}", {y | y := count(input.z)})
}
