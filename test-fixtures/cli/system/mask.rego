package system.log

mask contains "/input/password"
