package written

p := {"k": 1, "a": 0, "k": 2}
