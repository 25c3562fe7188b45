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
	some role in roles(user)
	some grant in grants_of(role, action, resource)
	grant == true
}

# METADATA
# title: user_has_responsibility_for
# description: >-
#   Like user_has_responsibility, and grants with constraints count when the attributes meet them: `max` and `min` for numbers,
#   `in` for choices. A missing attribute meets nothing. Arguments: user, action, resource, attributes (object).
default user_has_responsibility_for(_, _, _, _) := false

user_has_responsibility_for(user, action, resource, attributes) if {
	requestable(action, resource)
	some role in roles(user)
	some grant in grants_of(role, action, resource)
	allows(grant, attributes)
}

# METADATA
# title: user_has_role
# description: "True when the user holds the role now. Arguments: user, role."
default user_has_role(_, _) := false

user_has_role(user, role) if role in roles(user)

# METADATA
# title: roles
# description: "The roles that the user holds now; empty when the data is stale or the user is suspended. Arguments: user."
default roles(_) := set()

roles(user) := permanent_roles(user) | timed_roles(user) if {
	fresh
	is_string(user)
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
	count(roles(user)) == 0
}

why(user, action, resource) := {"no_responsibility"} if {
	count(roles(user)) > 0
	count(explained(user, action, resource)) == 0
}

why(user, action, resource) := explained(user, action, resource) if count(explained(user, action, resource)) > 0

explained(user, action, resource) := {sprintf("role:%s grant:%s %s", [role, granted.action, granted.resource]) |
	requestable(action, resource)
	some role in roles(user)
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

fresh if {
	now := time.now_ns() / 1000000000
	now < data.rms.stamp.fresh_until_s
	now > data.rms.stamp.as_of_s - 300
}

# METADATA
# title: fresh_source
# description: "True while one source of the data is fresh. Arguments: source id."
default fresh_source(_) := false

fresh_source(id) if {
	now := time.now_ns() / 1000000000
	source := data.rms.stamp.sources[id]
	now < source.fresh_until_s
	now > source.as_of_s - 300
}

# METADATA
# title: age_s
# description: Seconds since the data was true.
age_s := floor(time.now_ns() / 1000000000) - data.rms.stamp.as_of_s

# A request for every action or for no resource is never granted.
requestable(action, resource) if {
	is_string(action)
	is_string(resource)
	action != "*"
	action != ""
	resource != ""
}

default suspended(_) := false

suspended(user) if data.rms.data.suspended[user]

known(user) if data.rms.data.users[user]

known(user) if data.rms.data.timed[user]

default permanent_roles(_) := set()

permanent_roles(user) := {role | some role in data.rms.data.users[user]}

default timed_roles(_) := set()

timed_roles(user) := {role |
	now := time.now_ns() / 1000000000
	some role, span in data.rms.data.timed[user]
	now >= object.get(span, "from_s", 0)
	now < object.get(span, "until_s", 253402300799)
}

# The resource itself, then each prefix of it with `/*`, then everything.
scopes(resource) := {resource, "*"} | {scope |
	parts := split(resource, "/")
	some length in numbers.range(1, count(parts) - 1)
	scope := concat("/", array.concat(array.slice(parts, 0, length), ["*"]))
}

scopes_of(resource) := scopes(resource) if contains(resource, "/")

scopes_of(resource) := {resource, "*"} if not contains(resource, "/")

matching_grants(role, action, resource) := {{"action": granted, "resource": scope} |
	some granted in {action, "*"}
	some scope in scopes_of(resource)
	data.rms.data.grants[role][granted][scope]
}

grants_of(role, action, resource) := {grant |
	some granted in matching_grants(role, action, resource)
	some grant in alternatives(data.rms.data.grants[role][granted.action][granted.resource])
}

alternatives(grant) := {true} if grant == true

alternatives(grant) := {one | some one in grant} if is_array(grant)

allows(true, _)

allows(grant, attributes) if {
	is_object(grant)
	every name, limit in object.get(grant, "max", {}) {
		is_number(attributes[name])
		attributes[name] <= limit
	}
	every name, limit in object.get(grant, "min", {}) {
		is_number(attributes[name])
		attributes[name] >= limit
	}
	every name, choices in object.get(grant, "in", {}) {
		attributes[name] in choices
	}
}

both(held, first, second) if {
	first in held
	second in held
}
