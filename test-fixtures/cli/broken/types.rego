package broken.types

x := 1 + "a"
