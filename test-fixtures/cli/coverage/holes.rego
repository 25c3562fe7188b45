# Constants in holes of template strings are no expressions, and a partial rule that is asked whole and for a key.
package holes

any(x) := object.get({}, 0, x)

text := $"{"a"} {1} {true} {-1} {[1]} {input.x} {any(1)}" if input.on

r[x] := y if {
	x = any(input.x)
	y = any(input.y)
}

whole := r

part := r.c
