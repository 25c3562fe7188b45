# METADATA
# title: a number that JSON cannot write
# custom:
#   limit: [1, .inf]
package infinite

p := 1
