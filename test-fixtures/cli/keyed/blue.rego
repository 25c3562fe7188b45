package teams.blue

deny contains "first" if input.a == 1

deny contains "second" if input.a == 1

allowed(x) if x > 1

limits.y := 2

limits[z] := {"x": 3} if z := "z"
