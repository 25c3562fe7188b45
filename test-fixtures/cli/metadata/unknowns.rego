package unknowns

# METADATA
# compile:
#   unknowns: [1, input.x]
filter := 1
