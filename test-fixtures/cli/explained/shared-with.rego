# Calls with one `with` for all of them: its value is bound once.
package shared_with

any(x) := object.get({}, 0, x)

r if any(input.s) != any(input.n) with input as [input.deep | any(any(input.ns))]
