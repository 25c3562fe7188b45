package new

import rego.v1

allow if input.x
