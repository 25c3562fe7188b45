# METADATA
# custom:
#   b: {z: 1, a: 2}
#   a: [1]
package an
