// What the page begins with, and what a newcomer can choose.
import type { Texts } from "./share.ts";

export const examples: Readonly<Record<string, Texts>> = {
  "Who may read": {
    policy: `package storage

# METADATA
# description: A client may do what its grant for the bucket says.
# entrypoint: true
default allow := false

allow if {
	some grant in data.grants[input.client]
	grant.bucket == input.bucket
	input.action in grant.actions
}

buckets contains grant.bucket if some grant in data.grants[input.client]
`,
    tests: `package storage_test

import data.storage

test_reads_its_bucket if storage.allow with input as {"client": "ann", "bucket": "reports", "action": "read"}

test_writes_nothing if not storage.allow with input as {"client": "ann", "bucket": "reports", "action": "write"}
`,
    input: `client = ann
bucket = reports
action = read
`,
    data: `{
  "grants": {
    "ann": [{ "bucket": "reports", "actions": ["read"] }],
    "bob": [{ "bucket": "reports", "actions": ["read", "write"] }]
  }
}
`,
  },
  "Reasons to refuse": {
    policy: `package deploy

# METADATA
# entrypoint: true
allow if count(reasons) == 0

reasons contains "nobody has approved it" if count(input.approvals) == 0

reasons contains sprintf("%s approved their own change", [input.author]) if input.author in input.approvals

reasons contains sprintf("%d changes are more than %d", [input.changes, data.most_changes]) if {
	input.changes > data.most_changes
}
`,
    tests: `package deploy_test

import data.deploy

change := {"author": "ann", "approvals": ["bob"], "changes": 3}

test_approved if deploy.allow with input as change

test_own_approval if {
	not deploy.allow with input as object.union(change, {"approvals": ["ann"]})
}
`,
    input: `author = ann
approvals = [ann, bob]
changes = 40
`,
    data: `{ "most_changes": 25 }
`,
  },
  "HOCON: paths and substitutions": {
    policy: `package orders

# METADATA
# entrypoint: true
allow if {
	input.order.total <= limit
	input.user.region == input.order.region
}

limit := data.limits[input.user.role]
`,
    tests: `package orders_test

import data.orders

order := {"total": 100, "region": "eu"}

test_clerk if orders.allow with input as {"user": {"role": "clerk", "region": "eu"}, "order": order}

test_other_region if not orders.allow with input as {"user": {"role": "clerk", "region": "us"}, "order": order}
`,
    input: `# Paths, substitutions and units of HOCON
region = eu
user { name = ann, role = clerk, region = \${region} }
order.region = \${region}
order.total = 180
`,
    data: `{ "limits": { "clerk": 200, "manager": 5000 } }
`,
  },
};
