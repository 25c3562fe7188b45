# METADATA
# title: [  
# x
package metadata.open
