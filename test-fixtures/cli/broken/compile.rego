package broken.compile

allow if undefined_function(input.x)

deny if x > 1
