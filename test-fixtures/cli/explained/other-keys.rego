# Rules with general refs that are asked for a key which some or none of them have, and errors behind an `every`.
package other_keys

any(x) := object.get({}, 0, x)

r.b.b := 1 if input.on

r[x].a := x if some x in any([1, 2])

none := r.b["10"][[{1}]]

one := r.b.a

broken if {
	every x in any([1, 2]) {
		x > 0
	}
	upper(any(1))
}
