"""The commands of the command line, a module each, named after its command."""
