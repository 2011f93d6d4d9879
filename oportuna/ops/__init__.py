"""Running an installation: the commands of the administrator."""
