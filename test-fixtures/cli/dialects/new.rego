package dialects.new

is_open if input.open
