package hidden

allow if input.x
