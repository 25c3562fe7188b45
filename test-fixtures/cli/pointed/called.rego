package pointed
p := object.get({}, "a", 0).compare("1.02.3", count([1]))
