package a

q := 2
