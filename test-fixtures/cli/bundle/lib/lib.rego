package lib

adult(age) if age >= data.lib.limit

unused := 1
