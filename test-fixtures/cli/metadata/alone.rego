# METADATA
# scope: rule
