package naming

# A variable that only names a document is read through.
through if {
	user := input.user
	user.name == "ann"
}

shown := user if {
	user := input.user
	user.name == "ann"
}

deep if {
	user := input.user
	address := user.address
	address.city == data.cities[user.id]
}

unused if user := input.user

both if {
	input.list[x].a == x
	input.list.first
}

members contains x if {
	input.list[x]
	input.list[x].open
}
