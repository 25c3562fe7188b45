package notes

allowed contains user if {
	some user in ["ann", "bob", "cat"]
	trusted(user)
}

trusted(user) if {
	trace(sprintf("is %q trusted?", [user]))
	count(user) == 3
	user != "bob"
	trace("yes")
}

quiet := 1
