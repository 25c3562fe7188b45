# METADATA
# scope: document
# title: x
# 
package metadata.blank
