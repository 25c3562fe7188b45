# METADATA
# title: Orders
# description: Who may see an order.
# organizations:
# - Acme
package orders

import data.shared.roles as shared_roles

default allow := false

# METADATA
# title: Allow
# description: Owners and clerks see an order.
# entrypoint: true
# related_resources:
# - https://example.com/orders
allow if {
	input.user == input.order.owner
}

allow if {
	some role in roles[input.user]
	role in shared_roles.readers
}

roles[user] contains role if {
	some user, assigned in data.assignments
	some role in assigned
}

total := sum([cost | some item in input.order.items; cost := item.price * item.count])

labels := {"owner": input.order.owner, "big": total > 100}

deny contains msg if {
	some item in input.order.items
	item.count < 1
	msg := sprintf("item %s has count %d", [item.name, item.count])
}

deny contains "no items" if not input.order.items

f(x) := y if {
	x > 10
	y := "high"
} else := "low"
