package old

import future.keywords

a.b.c := 1

a.b[x] := 2 { some x in input.xs }
