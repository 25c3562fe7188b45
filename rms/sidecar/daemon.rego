# METADATA
# description: Who may ask a daemon what. Health and freshness are for everybody, decisions for those whose token the clients' file holds.
package system.authz

default allow := false

allow if {
	input.method == "GET"
	input.path in [["health"], ["v1", "data", "rms", "rbac", "fresh"]]
}

allow if {
	input.method in {"GET", "POST"}
	["v1", "data"] == array.slice(input.path, 0, 2)
	count(input.path) > 2
	not input.path[2] in {"system", "rms_clients"}
	data.rms_clients[crypto.sha256(input.identity)]
}
