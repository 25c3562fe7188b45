# Constants in holes of template strings are no expressions; what a head says of its rule comes before its body.
package holes

any(x) := object.get({}, 0, x)

text := $"{"a"} {1} {true} {-1} {[1]} {input.x} {any(1)}" if input.on

# METADATA
# title: told
told := rego.metadata.rule() if {
	found := upper(any(1))
	again := any(found)
	again != 7
}
