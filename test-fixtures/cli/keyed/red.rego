package teams.red

deny contains "no" if input.a == 1

deny contains "never" if input.a == 2

limits.x := 1
