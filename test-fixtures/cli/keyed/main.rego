package main

# Which packages complain, whatever they are called.
complaints contains [name, complaint] if {
	some name
	some complaint in data.teams[name].deny
}

names := [name | data.teams.red[name].x]

known := value if {
	team := "blue"
	value := data.teams[team].limits.y
}

pairs contains name if some name, _ in data.teams.red.limits

positive if {
	every _, limit in data.teams.red.limits { limit > 0 }
}
