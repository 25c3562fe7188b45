# METADATA
# title: Facts about users
# description: What the user service gave; undefined or false when the data is stale.
package rms.user

import data.rms.rbac

# METADATA
# title: attr
# description: "An attribute of the user, undefined when it is not known. Arguments: user, name."
attr(user, name) := value if {
	rbac.fresh
	value := data.rms.data.attrs[user][name]
}

# METADATA
# title: reports_to
# description: "True when the manager is above the user, at any distance. Arguments: user, manager."
default reports_to(_, _) := false

reports_to(user, manager) if {
	rbac.fresh
	user != manager
	manager in graph.reachable(managers, {user})
}

# METADATA
# title: span
# description: "How many people report to the user, at any distance. Arguments: user."
default span(_) := 0

span(user) := count({person |
	some person, _ in data.rms.data.attrs
	reports_to(person, user)
})

managers[person] := [facts.manager] if some person, facts in data.rms.data.attrs
