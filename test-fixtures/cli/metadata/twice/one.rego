# METADATA
# title: a
package an
