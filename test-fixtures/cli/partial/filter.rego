# Which rows of a table somebody may see, and what is compared with what.
package filter

import data.filter_data as base

user := input.user

owner := "alice"

kinds := ["pet", "farm"]

include if {
	some row in data.rows
	row.owner == user.name
}

include if {
	row := data.rows[_]
	row.clinic == user.clinic
	not row.secret
}

known if input.owner == owner

below if input.limit == base.limit

either if kinds[_] == input.kind

both if input.a.x == first[input.b]

first[k] := v if some k, v in input.o

all if in_all(input)

in_all(x) if x.size < 100

sets[k] contains v if {
	k := input.k
	false
	v := 1
}

many if count([x | x := input.xs[_]; x > least]) > 3

least := 2

owned(row) := {k | some k, v in row; v == owner}

own if count(owned(input.row)) == 1

default quiet := false

quiet if {
	input.x
	false
}

spread if every n in numbers.range(1, 33) { n != input.n }

near if every n in [1, 2] { every m in ["a", "b"] { input[m] > n } }

may if {
	names := {name | some name in input.user.names}
	input.resource.owner in names
	count(names) > 1
}

some_part[part] if input[part].is == input.user.is

token := {"payload": payload} if [_, payload, _] := io.jwt.decode(input.token)

signed if token.payload.sub == "alice"

refused contains msg if {
	expected := input.parameters.labels[_]
	value := input.review.labels[expected.key]
	not regex.match(expected.pattern, value)
	msg := sprintf("%v", [value])
}

last := input.parts[count(input.parts) - 1]

apart if {
	a := input.a[_]
	b := input.b[_]
	not beside(b, a)
}

beside(x, y) if x.items[_] == y.item

private contains c.name if {
	c := containers[_]
	not exempt(c)
	c.security.privileged
}

containers contains c if c := input.containers[_]

containers contains c if c := input.init[_]

exempt(c) if startswith(c.image, input.exempt[_])
