# METADATA
# title: y
package twice
