package heads

# METADATA
# title: By user
levels[user] := level if some user, level in input.levels

# METADATA
# description: Keys behind the first variable are not part of the path.
grants.by[user].name[role] := 1 if some user, role in input.grants

# METADATA
# scope: document
groups[team][role] contains user if { some team, user in input.groups; role = team }

# METADATA
# description: A ref as a key is part of the path.
seen[input.file] := true

# What a head assigns is not counted as a use of `:=`.
small(numbers) = {n | n := numbers[_]; n < 10}
