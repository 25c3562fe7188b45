# METADATA
# title: Orders
# description: |
#   Who may see and change an order.
#   A second line: with a colon.
# authors:
# - Ann <ann@example.com>
# organizations:
# - Sales
# related_resources:
# - ref: https://example.com/orders
#   description: the shop's rules
# schemas:
# - input: schema.input
# - data.limits: {type: object}
# custom:
#   severity: high
#   tags: [a, "b", 3]
# entrypoint: true
package shop.orders["special-case"].v2

import rego.v1
import future.keywords.every
import data.lib.roles as r
import data.lib["time-zones"]
import input.user

# A plain comment with `code`, "text", {braces} and if.
## twice
#no blank
default allow := false
default deny = true
default score(_) := 0
default limits := {"a": 1, "b": [1, 2.5, -3e10]}

allow if user.admin
allow if not blocked
allow := true if {
	input.action == "read"
	input.size <= 10
} else := false if {
	input.size > 10 # too large
} else = "maybe" if input.other

deny contains msg if {
	some item in input.items
	item.price > limits.a
	msg := sprintf("%s: %d\t\"quoted\" \u00e4 \\", [item.name, item.price])
}

deny contains {"code": 7, "path": path} if some path, _ in input.tree

users[name] := value if {
	some name, value in data.users
	name != "root"
}

tree.left.right := 1
tree[x].y contains z if {
	some x, z
	data.t[x] = z
}

f(x) := x + 1
f(x, "a", [y, _], {"k": v}) := z if {
	z := x * y / v % 2 - 1
}
is_even(n) if n % 2 == 0
g("x") := `raw ${not} "a hole"
over two lines`

hello := $"Hello {user.name}, {count(input.items)} items\{"
raw_hello := $`Path {user.path}\n`
nested := $"a {concat(",", [x | some x in ["b", $"c {d}"]])} e"

listed := [x | some x in input.xs; x > 0]
unique := {x | x := input.xs[_]}
mapped := {k: v | some k, v in input.object; k != ""}
empty_set := set()
an_array := [1, "two", null, true, false, {"three": 3}, [4], {5, 6}]
union := {1} | {2} & {1, 2}
minus := {1, 2} - {1}

all_ok if {
	every item in input.items {
		item.ok
		not item.blocked
	}
	every k, v in input.object {
		k == v
	}
}

mocked if {
	allow with input as {"action": "read"} with data.users as {}
	count(input.items) == 3 with count as 3
	http.send({"url": "x"}).status == 200 with http.send as fake_send
}

in_it if "a" in ["a", "b"]
pair if "k", "v" in {"k": "v"}
both if { x == 1; y == 2 }
compared if 1 != 2
compared if 1 < 2
compared if 1 <= 2
compared if 2 > 1
compared if 2 >= 1
unified if [a, b] = [1, 2]
assigned if { x := 1; x == 1 }

numbers := [0, 1, -1, 3.14, 1e5, 1E-5, 12345678901234567890]
deep := input.a["b-c"][0][_].d[x].e
builtins := [time.now_ns(), io.jwt.decode(t), regex.match(`^a+$`, s), object.get(o, ["a"], null)]
own := shop.orders.f(1)
negated if not f(2)
negated if { not input.a; not r.has("b") }
grouped := (1 + 2) * (3 - (4 / 2))
quoted["a key"] := "value"
walked contains path if walk(input, [path, "leaf"])
testing if data.shop.orders.allow

test_allow if allow with input as {"user": {"admin": true}}
todo_test_later if false
test_table[name] if {
	some name, tc in {"one": {"in": 1, "out": 2}}
	f(tc.in) == tc.out
}

# region folded
hidden := 1
# endregion

# METADATA
# scope: document
# title: Last
last := "end" # METADATA is no block here
contains_is_a_name.contains := 1
if_in_words := "if in as with"
import_ := 1
some_thing := 2
everything := 3

# rule 0: numbers, strings and refs
rule_0 contains result if {
	some index, entry in input.list0
	entry.value >= 0
	result := {"index": index, "text": $"{entry.name} 0"}
}

# rule 1: numbers, strings and refs
rule_1 contains result if {
	some index, entry in input.list1
	entry.value >= 1
	result := {"index": index, "text": $"{entry.name} 1"}
}

# rule 2: numbers, strings and refs
rule_2 contains result if {
	some index, entry in input.list2
	entry.value >= 2
	result := {"index": index, "text": $"{entry.name} 2"}
}

# rule 3: numbers, strings and refs
rule_3 contains result if {
	some index, entry in input.list3
	entry.value >= 3
	result := {"index": index, "text": $"{entry.name} 3"}
}

# rule 4: numbers, strings and refs
rule_4 contains result if {
	some index, entry in input.list4
	entry.value >= 4
	result := {"index": index, "text": $"{entry.name} 4"}
}

# rule 5: numbers, strings and refs
rule_5 contains result if {
	some index, entry in input.list5
	entry.value >= 5
	result := {"index": index, "text": $"{entry.name} 5"}
}

# rule 6: numbers, strings and refs
rule_6 contains result if {
	some index, entry in input.list6
	entry.value >= 6
	result := {"index": index, "text": $"{entry.name} 6"}
}

# rule 7: numbers, strings and refs
rule_7 contains result if {
	some index, entry in input.list7
	entry.value >= 7
	result := {"index": index, "text": $"{entry.name} 7"}
}

# rule 8: numbers, strings and refs
rule_8 contains result if {
	some index, entry in input.list8
	entry.value >= 8
	result := {"index": index, "text": $"{entry.name} 8"}
}

# rule 9: numbers, strings and refs
rule_9 contains result if {
	some index, entry in input.list9
	entry.value >= 9
	result := {"index": index, "text": $"{entry.name} 9"}
}

# rule 10: numbers, strings and refs
rule_10 contains result if {
	some index, entry in input.list10
	entry.value >= 10
	result := {"index": index, "text": $"{entry.name} 10"}
}

# rule 11: numbers, strings and refs
rule_11 contains result if {
	some index, entry in input.list11
	entry.value >= 11
	result := {"index": index, "text": $"{entry.name} 11"}
}

# rule 12: numbers, strings and refs
rule_12 contains result if {
	some index, entry in input.list12
	entry.value >= 12
	result := {"index": index, "text": $"{entry.name} 12"}
}

# rule 13: numbers, strings and refs
rule_13 contains result if {
	some index, entry in input.list13
	entry.value >= 13
	result := {"index": index, "text": $"{entry.name} 13"}
}

# rule 14: numbers, strings and refs
rule_14 contains result if {
	some index, entry in input.list14
	entry.value >= 14
	result := {"index": index, "text": $"{entry.name} 14"}
}

# rule 15: numbers, strings and refs
rule_15 contains result if {
	some index, entry in input.list15
	entry.value >= 15
	result := {"index": index, "text": $"{entry.name} 15"}
}

# rule 16: numbers, strings and refs
rule_16 contains result if {
	some index, entry in input.list16
	entry.value >= 16
	result := {"index": index, "text": $"{entry.name} 16"}
}

# rule 17: numbers, strings and refs
rule_17 contains result if {
	some index, entry in input.list17
	entry.value >= 17
	result := {"index": index, "text": $"{entry.name} 17"}
}

# rule 18: numbers, strings and refs
rule_18 contains result if {
	some index, entry in input.list18
	entry.value >= 18
	result := {"index": index, "text": $"{entry.name} 18"}
}

# rule 19: numbers, strings and refs
rule_19 contains result if {
	some index, entry in input.list19
	entry.value >= 19
	result := {"index": index, "text": $"{entry.name} 19"}
}

# rule 20: numbers, strings and refs
rule_20 contains result if {
	some index, entry in input.list20
	entry.value >= 20
	result := {"index": index, "text": $"{entry.name} 20"}
}

# rule 21: numbers, strings and refs
rule_21 contains result if {
	some index, entry in input.list21
	entry.value >= 21
	result := {"index": index, "text": $"{entry.name} 21"}
}

# rule 22: numbers, strings and refs
rule_22 contains result if {
	some index, entry in input.list22
	entry.value >= 22
	result := {"index": index, "text": $"{entry.name} 22"}
}

# rule 23: numbers, strings and refs
rule_23 contains result if {
	some index, entry in input.list23
	entry.value >= 23
	result := {"index": index, "text": $"{entry.name} 23"}
}

# rule 24: numbers, strings and refs
rule_24 contains result if {
	some index, entry in input.list24
	entry.value >= 24
	result := {"index": index, "text": $"{entry.name} 24"}
}

# rule 25: numbers, strings and refs
rule_25 contains result if {
	some index, entry in input.list25
	entry.value >= 25
	result := {"index": index, "text": $"{entry.name} 25"}
}
