package pointed

import future.keywords.or

p := $"{input.x}" if input.x else := -.5 if {
	not input.y
	input.z or {.75 == 1} with input.z as 2
}
