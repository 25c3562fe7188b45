package storage_test

import data.storage

grants := {"alice": [{"bucket": "photos", "actions": ["read"]}]}

test_granted_action_is_allowed if {
	storage.allow with input as {"client": "alice", "action": "read", "bucket": "photos"}
		with storage.grants as grants
}

test_other_action_is_denied if {
	not storage.allow with input as {"client": "alice", "action": "write", "bucket": "photos"}
		with storage.grants as grants
}

test_other_bucket_is_denied if {
	not storage.allow with input as {"client": "alice", "action": "read", "bucket": "letters"}
		with storage.grants as grants
}

test_unknown_client_is_denied if {
	not storage.allow with input as {"client": "mallory", "action": "read", "bucket": "photos"}
		with storage.grants as grants
}

test_empty_request_is_denied if {
	not storage.allow with input as {} with storage.grants as grants
}
