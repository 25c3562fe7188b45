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

test_no_request_for_everything_or_for_nothing if {
	starred := object.union(rms_data, {"grants": {"clerk": {"*": {"*": true}}}})
	rbac.user_has_responsibility("bob", "write", "notes") with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "", "notes") with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", 1, "notes") with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "write", "") with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "write", ["notes"]) with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.user_has_responsibility_for("bob", "*", "notes", {}) with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
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
	not rbac.user_has_role("tim", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(99)
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
	rbac.separated("ann", "clerk", "manager") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.separated("ann", "manager", "manager") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_why_names_every_grant_that_counts if {
	rbac.why("bob", "approve", "orders/1") == {"role:clerk grant:approve orders/*"} with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	rbac.why("bob", "write", "notes") == {"role:clerk grant:* notes"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("bob", "*", "notes") == {"no_responsibility"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("tom", "view", "orders/1") == {"no_roles"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.why("eve", "view", "orders/1") == {"stale_data"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(2000)
	rbac.why("mallory", "view", "orders/1") == {"stale_data"} with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(2000)
	left := object.union(rms_data, {"suspended": {"zed": true}})
	rbac.why("zed", "view", "orders/1") == {"suspended"} with data.rms.data as left with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_everything_is_granted_by_a_star[resource] if {
	some resource in {"orders", "orders/1", "a/b/c"}
	starred := object.union(rms_data, {"grants": {"clerk": {"view": {"*": true}}}})
	rbac.user_has_responsibility("bob", "view", resource) with data.rms.data as starred with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_separated_is_false_when_stale if {
	not rbac.separated("ann", "manager", "clerk") with data.rms.data as rms_data with data.rms.stamp as stamp with time.now_ns as at(1000)
}

# A director is also a manager and a clerk, but only by what the role includes.
with_includes := object.union(rms_data, {
	"users": {"dora": ["director"]},
	"roles": {"director": {"title": "Director", "includes": ["clerk", "manager"]}},
})

test_included_roles_are_held if {
	rbac.roles("dora") == {"clerk", "director", "manager"} with data.rms.data as with_includes with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.user_has_role("dora", "clerk") with data.rms.data as with_includes with data.rms.stamp as stamp with time.now_ns as at(150)
	not rbac.separated("dora", "clerk", "manager") with data.rms.data as with_includes with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.assigned("dora") == {"director"} with data.rms.data as with_includes with data.rms.stamp as stamp with time.now_ns as at(150)
	rbac.roles("dora") == set() with data.rms.data as with_includes with data.rms.stamp as stamp with time.now_ns as at(1000)
}

test_clock_behind_the_stamp_denies if {
	late := {"as_of_s": 1000, "fresh_until_s": 2000, "sources": {"hr": {"as_of_s": 1000, "fresh_until_s": 2000}}}
	rbac.fresh with data.rms.stamp as late with time.now_ns as at(701)
	not rbac.fresh with data.rms.stamp as late with time.now_ns as at(700)
	rbac.fresh_source("hr") with data.rms.stamp as late with time.now_ns as at(701)
	not rbac.fresh_source("hr") with data.rms.stamp as late with time.now_ns as at(700)
}

test_age if {
	rbac.age_s == 50 with data.rms.stamp as stamp with time.now_ns as at(150) + 999999999
}

test_a_stamp_that_is_no_number_denies[name] if {
	some name, broken in {
		"text until": {"as_of_s": 100, "fresh_until_s": "2030"},
		"null until": {"as_of_s": 100, "fresh_until_s": null},
		"text as of": {"as_of_s": "100", "fresh_until_s": 1000},
		"null as of": {"as_of_s": null, "fresh_until_s": 1000},
		"no as of": {"fresh_until_s": 1000},
		"a list": [100, 1000],
		"nothing": null,
	}
	not rbac.fresh with data.rms.stamp as broken with time.now_ns as at(150)
}

test_a_time_that_is_no_number_holds_nothing[name] if {
	some name, span in {
		"text until": {"until_s": "never"},
		"text from": {"from_s": "always"},
		"null from": {"from_s": null},
		"object until": {"until_s": {}},
		"no object": true,
	}
	broken := object.union(rms_data, {"timed": {"tim": {"clerk": span}}})
	rbac.roles("tim") == set() with data.rms.data as broken with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_a_constraint_that_is_not_understood_grants_nothing[name] if {
	some name, grant in {
		"an unknown constraint": [{"most": {"amount": 5}}],
		"one known, one not": [{"max": {"amount": 5}, "except": {"amount": 1}}],
		"a text as limit": [{"max": {"amount": "5"}}],
		"a text as lower limit": [{"min": {"amount": false}}],
		"no choices": [{"in": {"currency": null}}],
		"limits that are no object": [{"max": 5}],
		"choices that are a list": [{"in": ["EUR"]}],
		"a text": ["true"],
		"an object instead of a list": {"max": {"amount": 5}},
		"an object of nothing instead of a list": {"max": {}},
		"an empty list of limits": [{"max": []}],
		"false": false,
		"null": [null],
	}
	broken := object.union(rms_data, {"grants": {"clerk": {"approve": {"orders/*": grant}}}})
	attributes := {"amount": 1, "currency": "EUR"}
	not rbac.user_has_responsibility_for("bob", "approve", "orders/1", attributes) with data.rms.data as broken
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	not rbac.user_has_responsibility("bob", "approve", "orders/1") with data.rms.data as broken with data.rms.stamp as stamp with time.now_ns as at(150)
}

test_lower_limits_and_choices_at_their_edge[name] if {
	some name, example in {
		"at the lower limit": {"attributes": {"amount": 5000, "urgency": 5}, "allowed": true},
		"below it": {"attributes": {"amount": 5000, "urgency": 4.9}, "allowed": false},
		"no number": {"attributes": {"amount": 5000, "urgency": "9"}, "allowed": false},
		"at the limit": {"attributes": {"amount": 1000}, "allowed": true},
		"no attributes": {"attributes": {}, "allowed": false},
		"no object": {"attributes": null, "allowed": false},
	}
	allowed := rbac.user_has_responsibility_for("bob", "approve", "orders/1", example.attributes) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	allowed == example.allowed
}

test_a_question_of_another_kind_is_denied[name] if {
	some name, question in {
		"no user": {"user": null, "action": "view", "resource": "orders/1"},
		"a number as user": {"user": 0, "action": "view", "resource": "orders/1"},
		"a number as action": {"user": "ann", "action": 1, "resource": "orders/1"},
		"no action": {"user": "ann", "action": "", "resource": "orders/1"},
		"a list as resource": {"user": "ann", "action": "view", "resource": ["orders/1"]},
		"no resource": {"user": "ann", "action": "view", "resource": null},
	}
	answer := rbac.user_has_responsibility(question.user, question.action, question.resource) with data.rms.data as rms_data
		with data.rms.stamp as stamp
		with time.now_ns as at(150)
	answer == false
}
