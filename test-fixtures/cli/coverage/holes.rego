# Constants in holes of template strings are no expressions.
package holes

any(x) := object.get({}, 0, x)

text := $"{"a"} {1} {true} {-1} {[1]} {input.x} {any(1)}" if input.on
