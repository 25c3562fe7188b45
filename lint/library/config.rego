# METADATA
# title: What the configuration says of rules
package regal.config

# METADATA
# title: What policies may call; the keys of `builtins` are names
default capabilities := {"builtins": {}}

capabilities := data.internal.capabilities

# METADATA
# title: The `rules` of the configuration, by category and title
default rules := {}

rules := data.internal.rules

# METADATA
# title: The configuration's entry for a rule, `{}` where it has none
for_rule(category, title) := object.get(rules, [category, title], {})

# METADATA
# title: The level of a rule, as configuration and flags have it
level_for_rule(category, title) := level if {
	level := data.internal.levels[category][title]
} else := "error"
