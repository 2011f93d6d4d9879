"""What any kind of record can do; knows none of the kinds."""
