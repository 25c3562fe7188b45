# METADATA
# title: LDAP groups
# description: Membership as the source gave it, nested ones flattened; false when the data is stale.
package rms.ldap

import data.rms.rbac

# METADATA
# title: user_in_group
# description: "True when the user is a member; the name's case does not matter. Arguments: user, group."
default user_in_group(_, _) := false

user_in_group(user, group) if {
	rbac.fresh
	rbac.listed(data.rms.data.ldap.groups[lower(group)], user)
}
