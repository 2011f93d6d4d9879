"""Lists taken out as files that come back unchanged: what their columns are, how they are written, and the jobs that do it."""
