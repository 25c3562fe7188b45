package signed

allow if input.ok
