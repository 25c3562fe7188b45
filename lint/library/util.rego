# METADATA
# title: Places and collections
package regal.util

# METADATA
# title: Rows and columns of a place, and what is written there
to_location_object(place) := object.union(bounds, {"text": _text_within(bounds)}) if {
	bounds := to_location_no_text(place)
} else := to_location_no_text(place)

# METADATA
# title: Rows and columns of a place, `"row:col:endRow:endCol"` or an object
to_location_no_text(place) := {"row": row, "col": col, "end": {"row": end_row, "col": end_col}} if {
	is_string(place)
	[row, col, end_row, end_col] := [to_number(part) | some part in split(place, ":")]
} else := object.remove(place, ["text"]) if is_object(place)

# METADATA
# title: The row where a place begins
to_location_row(place) := to_location_no_text(place).row

# METADATA
# title: The items of an array or a set, as a set
to_set(items) := {item | some item in items}

# METADATA
# title: The items of a set in their order, or those of an array, as an array
to_array(items) := [item | some item in items]

# METADATA
# title: The items that stand in an array more than once
find_duplicates(items) := {item | some item in items; has_duplicates(items, item)}

# METADATA
# title: True for an item that stands in an array more than once
has_duplicates(items, item) if count([1 | some other in items; other == item]) > 1

# METADATA
# title: The least item of a set; undefined where it is empty
any_set_item(set) := to_array(set)[0]

# METADATA
# title: The item of a set that has no other
single_set_item(set) := any_set_item(set) if count(set) == 1

# METADATA
# title: An array without its first item
rest(items) := array.slice(items, 1, count(items))

# METADATA
# title: A value as JSON text of several lines
json_pretty(value) := json.marshal_with_options(value, {"pretty": true, "indent": "  "})

# METADATA
# title: True for a point within a range, bounds included
# description: Points are `[row, col]` or objects with `row` and `col`; ranges are `[from, to]`, or places.
point_in_range(point, range) if {
	[from, to] := _ends(range)
	from <= _pair(point)
	_pair(point) <= to
}

_ends(range) := [_pair(range[0]), _pair(range[1])] if {
	is_array(range)
} else := [_pair(bounds), _pair(bounds.end)] if bounds := to_location_no_text(range)

_pair(point) := point if {
	is_array(point)
} else := [point.row, point.col]

_text_within(bounds) := _first_bytes(tail, bounds.end.col - bounds.col) if {
	bounds.row == bounds.end.row
	tail := substring(input.regal.file.lines[bounds.row - 1], bounds.col - 1, -1)
} else := concat("\n", array.concat(before, [last])) if {
	lines := input.regal.file.lines
	first := substring(lines[bounds.row - 1], bounds.col - 1, -1)
	before := array.concat([first], array.slice(lines, bounds.row, bounds.end.row - 1))
	last := _first_bytes(lines[bounds.end.row - 1], bounds.end.col - 1)
}

# columns where places end count bytes, two digits each in hexadecimal
_first_bytes(text, size) := hex.decode(substring(hex.encode(text), 0, size * 2))
