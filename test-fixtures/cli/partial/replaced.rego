# What is left of expressions with modifiers, and of not-blocks.
package replaced

import future.keywords.not

owner if input.user == input.owner

admin if owner with input.user as "root"

nobody if not owner with input.user as input.name

guest if not owner with input.user as "guest"

named := name if name := title with input.owner as "ann"

title := sprintf("%v", [input.owner])

around if {
	admin
	owner with input.owner as "a" with input.user as "b"
	input.z
}

pairs[k] := v if some k, v in input.pairs

picked if pairs.a == 1 with input.pairs as {"a": 1}

fixed if known with input.x as 1

known if 1 < 2

double(x) := x * 2 if input.on

twice if double(2) == 4 with input.on as true

none if not { every x in object.get(input, "xs", []) { x > input.least } }

both if not lacking

lacking if not {
	input.a == 1
	some x in input.b
	x > 2
}
