package a

# Keys that are given in part: the heads are unified with them before the bodies run.
found contains {"msg": m, "field": "x"} if {
	print("x")
	m := "mx"
}

found contains {"msg": m, "field": "y"} if m := "my"

found contains {"msg": m} if m := "mz"

xs contains m if found[{"msg": m, "field": "x"}]

pairs contains k if {
	some k in [[1, 2], [3, 4], [1, 2]]
	print(k)
}

firsts contains a if {
	some x in [2, 4]
	pairs[[a, x]]
}

nested[k].z := v if {
	some k in [{"f": "x", "m": 1}, {"f": "y", "m": 2}]
	some v in [1, k.m]
}

ms contains m if nested[{"f": "x", "m": m}].z

same contains [x, [y]] if {
	some x in [3, [4]]
	some y in [3, 4]
}

equal contains a if same[[a, a]]

values[k] := v if {
	some k in ["u", "w"]
	some v in [1, 1]
}

twice := values.u
