# Keys that are no scalars are to be found.
package keys

p.a[[1]] := 1

q.b[1].c := 2
