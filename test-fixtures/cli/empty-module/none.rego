# No package.
