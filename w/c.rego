package a

i if {true} else {true}

j := 1 if {true} else if {true}
j(x) := 1 if {true} else if true
k contains 1 if {true} 
l if {true} else := 2 if {true}
 else if {true}