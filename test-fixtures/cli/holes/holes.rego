package holes

# What calls in holes become stands nowhere; a term in parentheses is as long as they are.
greeting := $"{f($"{f(f(2))}{f(input.x)}")}-{(1 + (2 * 3))}-{limit}"

f(x) := (x)

limit := (1 + 2) * 3

p if {
	x := (1 == 2)
	(x)
}

q[(1 + 2)] := y if {
	some y in ([1, (2 +
		3)])
	$"{y + 1}" == "2"
}

last := ["a", "b"][1] if ["c"][0]
