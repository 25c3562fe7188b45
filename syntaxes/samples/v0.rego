package old

import future.keywords

allow { input.x }
allow = true { input.y == 1 }
deny[msg] { msg := "no" }
f(x) = y { y := x }
p[k] = v { v := data.q[k] }
else_rule = 1 { input.a } else = 2 { input.b }
default z = 3
bad := "not \q closed
next := 'single'
@ := 1
