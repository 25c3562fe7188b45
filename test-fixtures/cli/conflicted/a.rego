package a

p := 1 + "a"

q := 2
