package an

# METADATA
# scope: foo
p := 1
