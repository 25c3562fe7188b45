package signed

allow if input.user == "ann"
