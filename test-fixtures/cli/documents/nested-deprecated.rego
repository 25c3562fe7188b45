package a

p {
	x := cast_set([1])
	cast_array([any([true])])
	re_match("a", "a")
}
