package pointed

p if lower(input.x) == "a" with input as count
