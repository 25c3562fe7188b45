package written

import rego.v2

p if { {1, 2} and true }
