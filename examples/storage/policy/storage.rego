# METADATA
# title: Storage access
# description: May this client do this action on this bucket?
package storage

# METADATA
# title: allow
# description: True when the data grants the client this action on the bucket.
# entrypoint: true
default allow := false

allow if {
	some grant in data.storage.grants[input.client]
	grant.bucket == input.bucket
	input.action in grant.actions
}
