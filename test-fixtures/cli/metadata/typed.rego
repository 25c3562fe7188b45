package an

# METADATA
# scope: rule
# schemas:
# - input.x: {"type": "string"}
p if input.x + 1 > 2
