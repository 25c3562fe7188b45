# METADATA
# title: x
package twice

p if {
	q == res
	res := 1
}

q := 1
