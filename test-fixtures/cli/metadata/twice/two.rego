# METADATA
# title: b
package an
