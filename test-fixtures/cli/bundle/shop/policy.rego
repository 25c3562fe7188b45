package shop

import data.lib

# METADATA
# scope: document
# title: May buy
# entrypoint: true
# custom:
#   severity: high
allow if lib.adult(input.age)

price := data.shop.prices[input.item]
