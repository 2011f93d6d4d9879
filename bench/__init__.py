"""What `make bench` runs, and the sheets it runs on."""
