package inspected

import future.keywords.not
import future.keywords.or

# METADATA
# title: Of the host
# description: Calls what only the host program has.
# organizations:
#  - Acme
# related_resources:
#  - ref: https://example.com/a
#    description: short
#  - ref: https://example.com/longer
#    description: long
# custom:
#  reason: A very long reason, which does not fit into the eighty letters that a line of a list has.
allow if host.decides(input.user) == "yes"

# METADATA
# description: What has no title is called by its path.
# schemas:
#  - input: {type: object}
upper_case if every name in input.names {
	upper(name) == name
}

unseen if not {
	lower(input.x) == "a"
}

either if {
	lower(input.y) == "x" or {
		trim(input.z, "a") == "c"
	}
}

seen := [trim_left(name, "a") | some name in input.names]

printed if print(floor(1.5))
