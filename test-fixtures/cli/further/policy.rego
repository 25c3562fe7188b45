package further

names contains name if {
	input.open
} {
	input.forced
}
