package test
a := {"x": {1: 2}}
b if { a.x[1.0].c }
c if { a.x[2.50].c }
d if { [1.0, 2] == {"a": 3.0} }
e if a[3.0]
