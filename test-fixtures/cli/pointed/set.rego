package pointed

p if [x | some x in {"k": {.5, .25}}] == input
