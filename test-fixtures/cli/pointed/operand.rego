package pointed.operand

p if {
	x == "a". 
	y
}
