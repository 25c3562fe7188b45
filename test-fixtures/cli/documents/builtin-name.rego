package a

contains(xs, x) {
	xs[_] == x
}
