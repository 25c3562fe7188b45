# METADATA
# title: What a rule answers
package regal.result

import data.regal.ast
import data.regal.config
import data.regal.util

# METADATA
# title: A violation
# description: |
#   Of the rule whose `rego.metadata.chain()` is given, or of the one that an object with `category` and `title` describes.
#   What the details say counts more than the rule's METADATA.
fail(rule, details) := object.union_n([{"level": config.level_for_rule(about.category, about.title)}, about, details]) if {
	about := _about(rule)
}

# METADATA
# title: Where a node is
# description: The node has a `location`, or it is an array of such nodes, of which the first counts, or a place.
location(node) := with_text(util.to_location_no_text(_place(node))) if {
	_place(node)
} else := {}

# METADATA
# title: Where a node is, and what is said of it there
location_and_description(node, text) := object.union(location(node), {"description": text})

# METADATA
# title: From where a node begins to where another ends
ranged_location_between(first, last) := with_text(object.union(from, {"end": to.end})) if {
	from := util.to_location_no_text(_place(first))
	to := util.to_location_no_text(_place(last))
}

# METADATA
# title: From the first part of a ref to its last
ranged_from_ref(terms) := ranged_location_between(terms[0], regal.last(terms))

# METADATA
# title: From the left operand of an infix operator to the right one
infix_expr_location(terms) := ranged_location_between(terms[1], regal.last(terms))

# METADATA
# title: A place with its file and the text of its line
with_text(place) := {"location": object.union_n([_file, place, _line(place)])}

# METADATA
# title: What a rule about all policies notes of one
aggregate(_, noted) := {
	"aggregate_source": {"package_path": ast.package_path},
	"aggregate_data": noted,
}

# the package says what a rule is; what its own METADATA says counts where the package says nothing
_about(rule) := object.union_n([own, said, {"category": category, "title": title}]) if {
	is_array(rule)
	[_, _, _, category, title] := array.slice(rule[0].path, 0, 5)
	said := _told([link.annotations | some link in rule; count(link.path) == 5])
	own := _told([link.annotations | some link in rule; count(link.path) > 5])
} else := rule if is_object(rule)

_told(annotations) := object.filter(annotations[0], ["description", "related_resources"])

default _told(_) := {}

_place(node) := node if {
	is_string(node)
} else := [item.location | some item in node][0] if {
	is_array(node)
} else := node.location if {
	node.location
} else := node if node.row

# what was noted of another policy knows its file
default _file := {}

_file := {"file": input.regal.file.name}

_line(place) := {"text": input.regal.file.lines[place.row - 1]} if {
	object.get(place, "file", input.regal.file.name) == input.regal.file.name
}

default _line(_) := {}
