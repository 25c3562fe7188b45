package dialects.old

import rego.v1

is_open if input.open
