package unwritable

# METADATA
# custom:
#   most: .inf
#   least: -.inf
#   none: .nan
limits := rego.metadata.rule().custom

size := count(limits)

below contains limits.least
