# METADATA
# description: pkg
# schemas:
#   - input: {type: object}
#   - data.x: schema.x
package a.b

# METADATA
# scope: document
# description: doc
# entrypoint: true

# METADATA
# description: rule
p.q := 1

# METADATA
# title: T
p.r contains 1

# METADATA
# custom:
#   a: 1
f(x) := 1

# METADATA
# organizations: ["a b", "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"]
# authors:
#   - Jane <j@x.y>
#   - email: only@x.y
#   - name: Bob
# related_resources:
#   - https://a.b
#   - ref: https://a.b/longer
#     description: Some docs
#   - ref: https://a
#     description: Some
# custom:
#   longer: {"b": [1, null]}
# title: "é title   "
g(x) := 1
