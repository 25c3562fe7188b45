package steps_test

test_holds if trace("holds")

test_fails if input.x == 2 with input as {"x": 1}

test_breaks if http.send({}).status == 200

todo_test_later if false
