package unsafe

# Calls are open, heads are not.
decisions contains decision if input.x
