# METADATA
# title: "
package unread

p := 1
