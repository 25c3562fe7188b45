package errors_test

conflict := 1 if input.a

conflict := 2 if input.b

test_conflict if conflict == 1 with input as {"a": true, "b": true}

test_builtin_error if to_number("x") == 0
