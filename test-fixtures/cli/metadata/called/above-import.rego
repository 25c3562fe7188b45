package called

# METADATA
# title: stands above an import
import data.orders

about := rego.metadata.rule()

total := orders.total
