package conflict_test

limit := 1

limit := 2 if true

test_equal if limit == 1

test_each if {
	every size in [1] { limit == size }
}
