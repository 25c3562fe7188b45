package called_too

# METADATA
# title: [
total := 1

# METADATA
# scope: package
other := 2
