package old

r[any([true])] = 1

s[any([true])][all([true])] = 2
