package numbered

# METADATA
# custom: {10: high, 9: low, "02": none, a: 1}
p := 1
