package written

p := ["\u0000", "\u001b[3", "\u00e9\u200b", "\u2028", "%d", "%*s %[a-z]{2} %[1]q"]

q["\u0001"] := input["\u0002"].x
