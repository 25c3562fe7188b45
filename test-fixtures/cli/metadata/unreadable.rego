# METADATA
# custom: [
package an
