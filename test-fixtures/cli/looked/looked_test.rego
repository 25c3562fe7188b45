# What `some … in` looked at, and terms in parentheses.
package looked

any(x) := object.get({}, 0, x)

test_element if {
	xs := any([1])
	some 3 in xs
}

test_call if {
	xs := [1]
	some {"a": y} in any(xs)
}

test_key if some i, 3 in any([1])

test_field if some x in input.xs

test_number if some x in any(1.5)

test_parentheses if {
	x := 1
	(any(x) + 1) * (2) == any((x))
}
