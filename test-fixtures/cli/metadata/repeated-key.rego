package a

# METADATA
# title: x
# title: y
allow := false {
	input.x
}
