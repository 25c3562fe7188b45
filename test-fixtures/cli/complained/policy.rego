# A rule that conflicts goes on with its first value before, and builtins complain of that.
package complained

any(x) := object.get({}, 0, x)

two := 1

two := 2 if 1 in [1]

shout := x if x := upper(any({two}))
