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
	some below in graph.reachable(managers, {user})
	data.rms.data.attrs[below].manager == manager
}

# METADATA
# title: span
# description: "How many people report to the user, at any distance; 0 when the data is stale. Arguments: user."
default span(_) := 0

span(user) := count(people) if {
	rbac.fresh
	people := {person |
		some manager in graph.reachable(reports, {user})
		some person in reports[manager]
		person != user
	}
}

# METADATA
# title: managers
# description: For each user a list of the one manager.
managers[person] := [facts.manager] if some person, facts in data.rms.data.attrs

# METADATA
# title: reports
# description: For each manager those who report to them directly.
reports[manager] contains person if {
	some person, facts in data.rms.data.attrs
	manager := facts.manager
}
