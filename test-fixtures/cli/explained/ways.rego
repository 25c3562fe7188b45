package ways

import rego.v1

s1 contains 1 if input.a
s1 contains 2 if input.b
s2 contains x if x := input.a
o1[k] := 1 if k := input.a
o1[k] := 1 if k := input.b
o2[k] := k if k := input.a
o3[k] := 1 if k := input.a
o3[k] := 2 if k := input.b
o4.a := 1
o4.b := 2
c1 := 1 if input.a
c1 := 2 if input.nope
c2 := 1 if input.a
c2 := 1 if input.b
c3 := x if x := input.a
f(x) := 1 if x == 2
f(x) := 2 if x == 3
g(x) := x

e := 1 if input.a

else := 2 if input.b

e2 := 1 if input.a

else := 1 if input.b

default d := 1

d := 2 if input.a

default d2 := 2

d2 := 2 if input.a
s3[k] contains 1 if k := input.a
s4.a contains 1
p if f(2)
q if f(5)
r if s1[_]
t if o1[_] == 1
u if s1[1]
v if o1.x
w if every x in input.xs { f(x) }
z if not f(3)
