package documents

# METADATA
# scope: document
# description: Rows of words.

# METADATA
# description: Given ones.
rows[row] contains word if {
	some row, word in input.words
}

# METADATA
# description: Those of lines, whose place is a ref.
rows[line.row] contains line.word if {
	some line in input.lines
}

rows[0] contains "header"
