package hinted

import future.words.in

# METADATA
# title: [
names[name] {
	some name in input.names
}
