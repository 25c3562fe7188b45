package words
import future.keywords.not
import future.keywords.or
default p = false
p { not input.x == 1; input.y or input.z }
