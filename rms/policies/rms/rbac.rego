# METADATA
# title: Roles, responsibilities and freshness
# description: >-
#   Decides by data.rms.data (users, timed memberships, grants) and data.rms.stamp, which RMS puts into each bundle. Everything fails
#   closed: without data, with a stale stamp or with a clock far from the stamp every answer is false, and `why` says so.
package rms.rbac

# METADATA
# title: user_has_responsibility
# description: >-
#   True when the user holds, by some current role, an unconstrained grant of the action on the resource or on a prefix of it (`orders/*`).
#   Arguments: user (subject id), action, resource.
default user_has_responsibility(_, _, _) := false

user_has_responsibility(user, action, resource) if {
	requestable(action, resource)
	covering := scopes(resource)
	some role in assigned(user)
	some granted in [action, "*"]
	by_resource := data.rms.data.grants[role][granted]
	some scope in covering
	by_resource[scope] == true
}

# METADATA
# title: user_has_responsibility_for
# description: >-
#   Like user_has_responsibility, and grants with constraints count when the attributes meet them: `max` and `min` for numbers,
#   `in` for choices. A missing attribute meets nothing. Arguments: user, action, resource, attributes (object).
default user_has_responsibility_for(_, _, _, _) := false

user_has_responsibility_for(user, action, resource, attributes) if {
	requestable(action, resource)
	covering := scopes(resource)
	some role in assigned(user)
	some granted in [action, "*"]
	by_resource := data.rms.data.grants[role][granted]
	some scope in covering
	some grant in alternatives(by_resource[scope])
	allows(grant, attributes)
}

# METADATA
# title: user_has_role
# description: "True when the user holds the role now. Arguments: user, role."
default user_has_role(_, _) := false

user_has_role(user, role) if role in roles(user)

# METADATA
# title: roles
# description: >-
#   The roles that the user holds now, with all that they include; empty when the data is stale or the user is suspended. Arguments: user.
roles(user) := assigned(user) | {included |
	some role in assigned(user)
	some included in data.rms.data.roles[role].includes
}

# METADATA
# title: assigned
# description: "The roles that the user is a member of now, without what they include. Arguments: user."
default assigned(_) := set()

assigned(user) := permanent_roles(user) | timed_roles(user) if {
	fresh
	not suspended(user)
}

# METADATA
# title: why
# description: >-
#   The reasons of an answer: `stale_data`, `suspended`, `unknown_user`, `no_roles`, `no_responsibility`, or
#   `role:<role> grant:<action> <resource>` for each grant that counts. Arguments: user, action, resource.
why(_, _, _) := {"stale_data"} if not fresh

why(user, _, _) := {"suspended"} if {
	fresh
	suspended(user)
}

why(user, _, _) := {"unknown_user"} if {
	fresh
	not suspended(user)
	not known(user)
}

why(user, _, _) := {"no_roles"} if {
	fresh
	not suspended(user)
	known(user)
	count(assigned(user)) == 0
}

why(user, action, resource) := {"no_responsibility"} if {
	count(assigned(user)) > 0
	count(explained(user, action, resource)) == 0
}

why(user, action, resource) := explained(user, action, resource) if count(explained(user, action, resource)) > 0

# METADATA
# title: explained
# description: "A text for each grant of the user's roles that meets the question. Arguments: user, action, resource."
explained(user, action, resource) := {sprintf("role:%s grant:%s %s", [role, granted.action, granted.resource]) |
	requestable(action, resource)
	some role in assigned(user)
	some granted in matching_grants(role, action, resource)
}

# METADATA
# title: separated
# description: "True unless the user holds both duties (roles), for segregation of duties. Arguments: user, first role, second role."
default separated(_, _, _) := false

separated(user, first, second) if {
	fresh
	held := roles(user)
	not both(held, first, second)
}

# METADATA
# title: fresh
# description: True while the data is within the time that its stamp allows; the clock may be off by five minutes.
default fresh := false

fresh if current(data.rms.stamp)

# METADATA
# title: fresh_source
# description: "True while one source of the data is fresh. Arguments: source id."
default fresh_source(_) := false

fresh_source(id) if current(data.rms.stamp.sources[id])

# METADATA
# title: current
# description: "True while the clock is between the times of a stamp. Arguments: stamp (object with as_of_s and fresh_until_s)."
default current(_) := false

current(stamp) if {
	now := time.now_ns()
	now < stamp.fresh_until_s * 1000000000
	now > (stamp.as_of_s - clock_skew_s) * 1000000000
}

# METADATA
# title: clock_skew_s
# description: Seconds that the clock may be behind the one which made the stamp.
clock_skew_s := 300

# METADATA
# title: now_s
# description: Seconds since 1970, with their fraction.
now_s := time.now_ns() / 1000000000

# METADATA
# title: age_s
# description: Whole seconds since the data was true; undefined without a stamp.
age_s := floor(now_s) - data.rms.stamp.as_of_s

# METADATA
# title: requestable
# description: "True unless the request is for every action or for nothing: such a one is never granted. Arguments: action, resource."
requestable(action, resource) if {
	is_string(action)
	action != "*"
	action != ""
	resource != ""
}

# METADATA
# title: suspended
# description: "True for a user whose roles count for nothing at present. Arguments: user."
default suspended(_) := false

suspended(user) if data.rms.data.suspended[user]

# METADATA
# title: known
# description: "True for a user who has or had a role. Arguments: user."
known(user) if data.rms.data.users[user]

known(user) if data.rms.data.timed[user]

# METADATA
# title: permanent_roles
# description: "The roles that the user holds without an end. Arguments: user."
default permanent_roles(_) := set()

permanent_roles(user) := {role | some role in data.rms.data.users[user]}

# METADATA
# title: timed_roles
# description: "The roles that the user holds for a time which includes now. Arguments: user."
default timed_roles(_) := set()

timed_roles(user) := {role |
	some role, span in data.rms.data.timed[user]
	from := object.get(span, "from_s", 0)
	until := object.get(span, "until_s", 253402300799)
	is_number(from)
	is_number(until)
	now_s >= from
	now_s < until
}

# METADATA
# title: scopes
# description: "What a grant may name to cover the resource: itself, each prefix of it with `/*`, and `*`, everything. Arguments: resource."
scopes(resource) := array.concat([resource], [scope |
	parts := split(resource, "/")
	some length, _ in parts
	scope := concat("/", array.concat(array.slice(parts, 0, length), ["*"]))
])

# METADATA
# title: matching_grants
# description: "The action and the resource of each grant of the role that covers the request. Arguments: role, action, resource."
matching_grants(role, action, resource) := {{"action": granted, "resource": scope} |
	some granted in {action, "*"}
	some scope in scopes(resource)
	data.rms.data.grants[role][granted][scope]
}

# METADATA
# title: alternatives
# description: "A grant as a set: true alone, or every constraint object of which one must be met. Arguments: grant."
alternatives(true) := {true}

alternatives(grant) := {one | some one in grant} if is_array(grant)

# METADATA
# title: allows
# description: >-
#   True when the attributes meet every constraint of the grant. A constraint that is not understood is met by nothing. Arguments: grant,
#   attributes.
allows(true, _)

allows(grant, attributes) if {
	object.keys(grant) - {"max", "min", "in"} == set()
	every constraint in grant {
		is_object(constraint)
	}
	every name, limit in object.get(grant, "max", {}) {
		is_number(limit)
		is_number(attributes[name])
		attributes[name] <= limit
	}
	every name, limit in object.get(grant, "min", {}) {
		is_number(limit)
		is_number(attributes[name])
		attributes[name] >= limit
	}
	every name, choices in object.get(grant, "in", {}) {
		attributes[name] in choices
	}
}

# METADATA
# title: both
# description: "True when both roles are in the set. Arguments: roles, first role, second role."
both(held, first, second) if {
	first in held
	second in held
}

# METADATA
# title: listed
# description: "True when the user is in a list of members: an array, or an object with true for each. Arguments: members, user."
default listed(_, _) := false

listed(members, user) if {
	is_array(members)
	user in members
}

listed(members, user) if {
	is_object(members)
	members[user] == true
}
