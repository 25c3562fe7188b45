package legacy

default allow = false

allow { input.x == 1 }

names[x] { x := input.names[_] }

test_allow { allow with input as {"x": 1} }

test_wrong { allow with input as {"x": 2} }
