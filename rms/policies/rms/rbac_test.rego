package rms.rbac_test

import data.rms.rbac

rms_data := {
	"users": {"ann": ["manager"], "bob": ["clerk"], "eve": ["manager"], "O'Neil": ["clerk"], "nobody": []},
	"timed": {"tim": {"clerk": {"from_s": 100, "until_s": 200}}, "tom": {"clerk": {"until_s": 99}}},
	"grants": {
		"manager": {"approve": {"orders/*": [{"max": {"amount": 10000}, "in": {"currency": ["EUR", "USD"]}}]}, "view": {"orders/*": true}},
		"clerk": {"approve": {"orders/*": [{"max": {"amount": 1000}}, {"min": {"urgency": 5}}]}, "*": {"notes": true}},
	},
	"suspended": {"eve": true},
}

stamp := {"as_of_s": 100, "fresh_until_s": 1000, "sources": {"hr": {"as_of_s": 100, "fresh_until_s": 120}}}

at(seconds) := seconds * 1000000000

test_exact_and_prefix_scopes if {
	rbac.user_has_responsibility("ann", "view", "orders/4711") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.user_has_responsibility("ann", "view", "orders/eu/4711") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("ann", "view", "orders") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("ann", "view", "ordersx/1") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_wildcard_action_and_request if {
	rbac.user_has_responsibility("bob", "write", "notes") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "*", "notes") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "write", "") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_constrained_grants_need_attributes if {
	not rbac.user_has_responsibility("ann", "approve", "orders/1") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("ann", "approve", "orders/1", {}) with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("ann", "approve", "orders/1", {"amount": null, "currency": "EUR"}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	rbac.user_has_responsibility_for("ann", "approve", "orders/1", {"amount": 10000, "currency": "EUR"}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("ann", "approve", "orders/1", {"amount": 10001, "currency": "EUR"}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("ann", "approve", "orders/1", {"amount": 1, "currency": "CHF"}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
}

test_alternatives_of_a_grant if {
	rbac.user_has_responsibility_for("bob", "approve", "orders/1", {"amount": 5000, "urgency": 9}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("bob", "approve", "orders/1", {"amount": 5000, "urgency": 1}) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
}

test_suspended_holds_nothing if {
	rbac.roles("eve") == set() with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("eve", "view", "orders/1") == {"suspended"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_timed_membership_ends_without_a_new_bundle if {
	rbac.user_has_role("tim", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_role("tim", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(200)
	not rbac.user_has_role("tom", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_stale_data_denies if {
	rbac.fresh with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(999)
	not rbac.fresh with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(1000)
	not rbac.user_has_responsibility("ann", "view", "orders/1") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(1000)
	rbac.why("ann", "view", "orders/1") == {"stale_data"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(1000)
	rbac.fresh_source("hr") with data.rms.stamp as stamp with time.now_ns as at(119)
	not rbac.fresh_source("hr") with data.rms.stamp as stamp with time.now_ns as at(120)
	not rbac.fresh_source("other") with data.rms.stamp as stamp with time.now_ns as at(110)
}

test_missing_data_is_false_not_undefined if {
	rbac.fresh == false with data.rms.data as {} with data.rms.stamp as {}
	rbac.user_has_responsibility("ann", "view", "orders/1") == false with data.rms.data as {} with data.rms.stamp as {}
	rbac.user_has_responsibility_for("ann", "view", "orders/1", {}) == false with data.rms.data as {} with data.rms.stamp as {}
	rbac.user_has_role("ann", "manager") == false with data.rms.data as {} with data.rms.stamp as {}
	rbac.roles("ann") == set() with data.rms.data as {} with data.rms.stamp as {}
}

test_why if {
	rbac.why("mallory", "view", "orders/1") == {"unknown_user"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("nobody", "view", "orders/1") == {"no_roles"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("bob", "view", "orders/1") == {"no_responsibility"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("ann", "view", "orders/1") == {"role:manager grant:view orders/*"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_separated if {
	rbac.separated("ann", "manager", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.separated("ann", "manager", "manager") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}
