# METADATA
# title: Mail lists
# description: Membership as the source gave it, nested ones flattened; false when the data is stale.
package rms.mail

import data.rms.rbac

# METADATA
# title: user_in_list
# description: "True when the user is a member; the name's case does not matter. Arguments: user, list."
default user_in_list(_, _) := false

user_in_list(user, list) if {
	rbac.fresh
	rbac.listed(data.rms.data.mail.groups[lower(list)], user)
}
