package system

main := data.hidden.allow
