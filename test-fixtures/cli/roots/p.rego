package b

x := 1
