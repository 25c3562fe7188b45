# Locals and their numbers: calls with one `with` for all of them, whose value is bound once; comprehensions; annotations.
package shared_with

any(x) := object.get({}, 0, x)

r if any(input.s) != any(input.n) with input as [input.deep | any(any(input.ns))]

# Comprehensions inside of others: the outer ones have the lower numbers.
nested := {[input.b | input.c] | some x in [[input.d | input.e]]; x != input.f}

wide := [x | some x in ["ääääääääääääääääääääää", "é"]; any(x) != "ö"]

# METADATA
# title: told
told := 1 if {
	input.b
} else := rego.metadata.rule() if {
	not input.c
}
