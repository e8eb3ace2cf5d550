"""The live deployment against the module's configuration, argument by argument."""
