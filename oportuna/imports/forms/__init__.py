"""What people send to an import: the shape and type of it; whether it may be done is asked by the actions."""
