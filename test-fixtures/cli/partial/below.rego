package kept.b

x := 1 if data.base.y
