package unread

q if {
