package errors

bad if to_number(input.text) == 1

worse contains x if {
	some text in ["a", "1", "b"]
	x := to_number(text)
}

two := 1 if input.a

two := 2 if input.b

deep.value := 1 / 0
