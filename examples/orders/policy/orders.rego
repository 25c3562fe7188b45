# METADATA
# title: Order approval
# description: >-
#   An order is approved only by somebody who holds the responsibility for it, up to the limit of that responsibility,
#   on a working day between 8 and 18 o'clock UTC.
package orders

import data.rms.rbac

# METADATA
# title: allow
# description: May this user approve this order at the time of the request?
# entrypoint: true
default allow := false

allow if {
	responsible
	in_time_window
}

# METADATA
# description: The decision with the reasons for a refusal.
# entrypoint: true
decision := {"allow": allow, "reasons": reasons}

responsible if {
	rbac.user_has_responsibility_for(input.user, input.action, resource, {
		"amount": input.order.amount,
		"currency": input.order.currency,
	})
}

resource := sprintf("orders/%s", [input.order.id])

# The time comes with the request, so that a decision does not depend on the day it is made.
requested_at := time.parse_rfc3339_ns(input.at)

in_time_window if {
	[hour, _, _] := time.clock(requested_at)
	hour >= 8
	hour < 18
	not time.weekday(requested_at) in {"Saturday", "Sunday"}
}

reasons contains "not responsible for this order, action and amount" if not responsible

reasons contains "outside the time window (working days, 8 to 18 o'clock UTC)" if not in_time_window
