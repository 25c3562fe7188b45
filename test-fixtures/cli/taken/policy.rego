package taken

import data.orders as _

# METADATA
# title: first

# METADATA
# title: second
total contains 1

total contains 2

# METADATA
# title: of all
# scope: document
total contains 3
