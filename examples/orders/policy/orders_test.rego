package orders_test

import data.orders

monday_noon := "2026-03-02T12:00:00Z"

sunday_noon := "2026-03-01T12:00:00Z"

request(user, amount, at) := {
	"user": user,
	"action": "approve",
	"order": {"id": "4711", "amount": amount, "currency": "EUR"},
	"at": at,
}

rms := {
	"data": {
		"users": {"ann": ["manager"]},
		"grants": {"manager": {"approve": {"orders/*": [{"max": {"amount": 10000}}]}}},
	},
	"stamp": {"as_of_s": 0, "fresh_until_s": 253402300799, "domain": "orders", "snapshot": 1, "sources": {}},
}

test_manager_approves_below_limit if {
	orders.allow with input as request("ann", 9000, monday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
}

test_limit_holds if {
	not orders.allow with input as request("ann", 10001, monday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
}

test_weekend_is_outside_the_window if {
	not orders.allow with input as request("ann", 9000, sunday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
}

test_stranger_is_told_why if {
	decision := orders.decision with input as request("mallory", 10, monday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
	decision == {"allow": false, "reasons": {"not responsible for this order, action and amount"}}
}

test_both_reasons if {
	decision := orders.decision with input as request("mallory", 10, sunday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
	count(decision.reasons) == 2
}

test_who_is_responsible_hears_of_the_time_alone if {
	decision := orders.decision with input as request("ann", 9000, sunday_noon)
		with data.rms.data as rms.data
		with data.rms.stamp as rms.stamp
	decision.reasons == {"outside the time window (working days, 8 to 18 o'clock UTC)"}
}

test_the_window_opens_at_eight_and_closes_at_eighteen if {
	not orders.in_time_window with input.at as "2026-03-02T07:59:59Z"
	orders.in_time_window with input.at as "2026-03-02T08:00:00Z"
	orders.in_time_window with input.at as "2026-03-02T17:59:59Z"
	not orders.in_time_window with input.at as "2026-03-02T18:00:00Z"
}
