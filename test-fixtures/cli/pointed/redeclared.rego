package pointed

# METADATA
# scope: document
p if {
	some x
	input.y
}

# METADATA
# scope: document
p if input.z
