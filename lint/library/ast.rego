# METADATA
# title: What is in a policy
# description: Answers about `input`, the tree of a policy, and about the terms in it.
package regal.ast

import data.regal.config
import data.regal.util

# METADATA
# title: The names of the package's path, without `data`
package_path := [part.value | some part in util.rest(input["package"].path)]

# METADATA
# title: The package, `a.b`
package_name := concat(".", package_path)

# METADATA
# title: The package, `data.a.b`
package_name_full := concat(".", array.concat(["data"], package_path))

# METADATA
# title: The imports, `[]` where there are none
imports := object.get(input, "imports", [])

# METADATA
# title: The path of what is imported from `data` or `input`, by its name here
resolved_imports[name] := path if {
	some name in {one.name | some one in _document_imports}

	# of imports by the same name the last one counts
	path := regal.last([one.path | some one in _document_imports; one.name == name])
}

# METADATA
# title: The names of what is imported from `data` and `input`
imported_identifiers := object.keys(resolved_imports)

_document_imports := [{"name": name, "path": path} |
	some imported in imports
	path := [part.value | some part in imported.path.value]
	path[0] in _documents
	name := object.get(imported, "alias", regal.last(path))
]

# METADATA
# title: The rules without arguments
rules := [rule | some rule in input.rules; not rule.head.args]

# METADATA
# title: The functions
functions := [rule | some rule in input.rules; rule.head.args]

# METADATA
# title: The tests
tests := [rule | some rule in rules; _has_part_with_prefix(rule, "test_")]

# METADATA
# title: The rules and functions of which no part of the name begins with `_`
public_rules_and_functions := [rule |
	some rule in input.rules
	not _has_part_with_prefix(rule, "_")
]

# METADATA
# title: The name of each rule and function, one for each of `input.rules`
rule_names_ordered := [ref_static_to_string(rule.head.ref) | some rule in input.rules]

# METADATA
# title: The names of rules without arguments
rule_names := {ref_static_to_string(rule.head.ref) | some rule in rules}

# METADATA
# title: The names of rules and functions
rule_and_function_names := util.to_set(rule_names_ordered)

# METADATA
# title: The names that the policy defines or imports
identifiers := rule_and_function_names | imported_identifiers

# METADATA
# title: Rows and columns of the heads of rules, by the rules' paths from `data`
rule_head_locations[path] contains {"row": place.row, "col": place.col} if {
	some at, name in rule_names_ordered
	path := concat(".", [package_name_full, name])
	place := util.to_location_no_text(input.rules[at].head.location)
}

# METADATA
# title: The names of a function's arguments; `_` stands for wildcards and patterns
function_arg_names(rule) := [_arg_name(argument) | some argument in rule.head.args]

# METADATA
# title: True for a rule whose value, `true`, nobody wrote
implicit_boolean_assignment(rule) if {
	not rule.head.key
	not rule.head.value.location
}

_arg_name(argument) := argument.value if {
	_is_named_var(argument)
} else := "_"

_has_part_with_prefix(rule, prefix) if {
	some at, part in rule.head.ref
	_is_static(at, part)
	part.type in {"string", "var"}
	startswith(part.value, prefix)
}

# METADATA
# title: The comments, each with its text after `#` and its place
comments_decoded := [{"text": substring(written, 1, -1), "location": location} |
	some place in input.comments
	{"row": row, "col": col} := object.filter(util.to_location_no_text(place), ["row", "col"])
	written := trim_suffix(substring(input.regal.file.lines[row - 1], col - 1, -1), "\r")
	location := {"row": row, "col": col, "end": {"row": row, "col": col + count(written)}, "text": written}
]

# METADATA
# title: The rules that `# regal ignore` switches off, by rows
ignore_directives[row] := names if {
	some directive in _directives
	some row in _rows_of(directive)
	names := [name | some other in _directives; row in _rows_of(other); some name in other.names]
}

_directives := [{"row": comment.location.row, "names": names} |
	some comment in comments_decoded
	text := trim_space(comment.text)
	startswith(text, "regal ignore:")
	names := [trim_space(name) | some name in split(trim_prefix(text, "regal ignore:"), ",")]
]

_rows_of(directive) := [directive.row, directive.row + 1]

# METADATA
# title: The names of the builtins that policies may call
builtin_names := object.keys(config.capabilities.builtins)

# METADATA
# title: What stands before the first dot in names of builtins
builtin_namespaces := {split(name, ".")[0] | some name in builtin_names; contains(name, ".")}

# METADATA
# title: The names of the builtins that the policy calls, operators too
builtin_functions_called := {call.name | some call in function_calls[_]} & builtin_names

# METADATA
# title: The calls in each rule, with the function's name and place and the arguments
function_calls[at] contains call if {
	some at
	some terms in found.calls[at]
	call := {
		"name": ref_to_string(terms[0].value),
		"location": terms[0].location,
		"args": util.rest(terms),
	}
}

# METADATA
# title: The functions that are written between their operands, by their names in the tree
operators := {
	"and",
	"assign",
	"div",
	"eq",
	"equal",
	"gt",
	"gte",
	"internal.member_2",
	"internal.member_3",
	"lt",
	"lte",
	"minus",
	"mul",
	"neq",
	"or",
	"plus",
	"rem",
}

# METADATA
# title: The refs in each rule
found.refs[at] contains node if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	node.type == "ref"
}

# METADATA
# title: The calls in each rule; each is an array of the function's ref and the arguments
found.calls[at] contains terms if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	terms := _call_terms(node)
}

# METADATA
# title: The expressions in each rule
found.expressions[at] contains node if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	node.terms
}

# METADATA
# title: The comprehensions in each rule
found.comprehensions[at] contains node if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	node.type in _comprehension_types
}

# METADATA
# title: What follows `every` in each rule, with `key`, `value`, `domain` and `body`
found.every[at] contains node if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	node.domain
}

# METADATA
# title: What follows `some` in each rule; each is an array of terms
found.symbols[at] contains node.symbols if {
	some at, rule in _rules_as_written
	walk(rule, [_, node])
	node.symbols
}

# METADATA
# title: The variables in arguments
found.vars[at].args contains variable if {
	some at, rule in input.rules
	some variable in _pattern_vars(rule.head.args)
}

# METADATA
# title: The variables in the brackets of refs
found.vars[at].ref contains part if {
	some at
	some ref in found.refs[at]
	some part in util.rest(ref.value)
	_is_named_var(part)
}

found.vars[at].ref contains part if {
	some at, rule in input.rules
	some part in util.rest(rule.head.ref)
	_is_named_var(part)
}

# METADATA
# title: The variables that `:=` assigns or `=` unifies
found.vars[at].assign contains variable if {
	some at
	some terms in found.calls[at]
	some variable in _pattern_vars(assignment_terms(terms)[0])
}

found.vars[at].assign contains variable if {
	some at
	some terms in found.calls[at]
	ref_to_string(terms[0].value) == "eq"
	some variable in _pattern_vars(util.rest(terms))
	not variable.value in (identifiers | _documents)
}

# METADATA
# title: The variables that `some` declares
found.vars[at].some contains symbol if {
	some at
	some symbol in found.symbols[at][_]
	_is_named_var(symbol)
}

# METADATA
# title: The variables of `some … in`
found.vars[at].somein contains variable if {
	some at
	some symbol in found.symbols[at][_]
	symbol.type == "call"
	some variable in _pattern_vars(array.slice(symbol.value, 1, count(symbol.value) - 1))
}

# METADATA
# title: The variables of `every`
found.vars[at].every contains variable if {
	some at
	some node in found.every[at]
	some variable in _pattern_vars([node[role] | some role in ["key", "value"]])
}

# annotations may hold anything, also what looks like a node
_rules_as_written := [object.remove(rule, ["annotations"]) | some rule in input.rules]

_call_terms(node) := node.value if {
	node.type == "call"
} else := node.terms if {
	is_array(node.terms)
}

# METADATA
# title: The types of terms that hold no others
scalar_types := {"boolean", "null", "number", "string"}

# METADATA
# title: True for `_`
is_wildcard(term) if {
	term.type == "var"
	startswith(term.value, "$")
}

# METADATA
# title: True for a term that needs no evaluation
is_constant(term) if {
	term.type
	not _is_evaluated(term)
}

# METADATA
# title: True for the ref of the operator `:=`
is_assignment(term) if {
	term.type == "ref"
	[part.value | some part in term.value] == ["assign"]
}

# METADATA
# title: What is left and what is right of `:=`
assignment_terms(terms) := util.rest(terms) if is_assignment(terms[0])

# METADATA
# title: The named variables in a term, an expression's terms, or an array of terms
# description: Functions that are called are none, nor are `input` and `data`.
find_term_vars(terms) := {variable |
	some variable in (_vars(terms) - _called(terms))
	not variable.value in _documents
}

# METADATA
# title: True for a node in which the variable is
has_named_var(node, name) if {
	some variable in _vars(node)
	variable.value == name
}

# METADATA
# title: A ref as it is written, `data.foo["x y"][bar]`
ref_to_string(terms) := concat("", [text |
	some at, part in terms
	text := _part_text(at, part)
])

# METADATA
# title: The leading part of a ref that is the same whatever its variables are
ref_static_to_string(terms) := ref_to_string(array.slice(terms, 0, min(ends))) if {
	ends := {at | some at, part in terms; not _is_static(at, part)} | {count(terms)}
}

# METADATA
# title: True for a ref without variables, calls and other refs in it
static_ref(ref) if {
	every at, part in _ref_terms(ref) {
		_is_static(at, part)
	}
}

_documents := {"data", "input"}

_comprehension_types := {"arraycomprehension", "objectcomprehension", "setcomprehension"}

# what gives no values to the variables in it
_evaluated_types := _comprehension_types | {"call", "ref", "templatestring"}

_is_evaluated(term) if {
	walk(term, [_, node])
	node.type in (_evaluated_types | {"var"})
}

_is_named_var(term) if {
	term.type == "var"
	not is_wildcard(term)
}

_vars(node) := {variable | walk(node, [_, variable]); _is_named_var(variable)}

_pattern_vars(term) := _vars(term) - union({_vars(node) |
	walk(term, [_, node])
	node.type in _evaluated_types
})

# the first parts of names of functions
_called(terms) := {call[0].value[0] | walk(terms, [_, node]); call := _call_terms(node)} | _operator(terms)

# an expression's terms begin with what it calls
_operator(terms) := {terms[0].value[0]} if {
	ref_to_string(terms[0].value) in (operators | builtin_names)
} else := set()

_ref_terms(ref) := ref.value if {
	ref.type == "ref"
} else := ref

_is_static(at, part) if {
	at == 0
	part.type == "var"
}

_is_static(at, part) if {
	at > 0
	part.type in scalar_types
}

_part_text(at, part) := text if {
	text := _plain_text(at, part)
} else := sprintf(_frame(at), [concat("", inner)]) if {
	part.type == "ref"
	inner := [text | some place, one in part.value; text := _plain_text(place, one)]
	count(inner) == count(part.value)
} else := sprintf(_frame(at), [written]) if {
	written := util.to_location_object(part.location).text
} else := sprintf(_frame(at), ["..."])

_frame(at) := "%s" if {
	at == 0
} else := "[%s]"

# undefined for terms that hold others
_plain_text(at, part) := sprintf(_frame(at), ["_"]) if {
	is_wildcard(part)
} else := sprintf(_frame(at), [part.value]) if {
	part.type == "var"
} else := sprintf(".%s", [part.value]) if {
	at > 0
	part.type == "string"
	regex.match(`^[A-Za-z_][A-Za-z0-9_]*$`, part.value)
} else := sprintf("[%q]", [part.value]) if {
	at > 0
	part.type == "string"
} else := sprintf("[%v]", [part.value]) if {
	at > 0
	part.type in scalar_types
}

# METADATA
# title: The tree of a policy of a package `policy`
policy(snippet) := regal.parse_module("policy.rego", concat("\n\n", ["package policy", snippet]))

# METADATA
# title: The tree of a policy of a package `policy` that imports `rego.v1`
with_rego_v1(snippet) := policy(concat("\n\n", ["import rego.v1", snippet]))
