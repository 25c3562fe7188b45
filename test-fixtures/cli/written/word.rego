package written p package.name
