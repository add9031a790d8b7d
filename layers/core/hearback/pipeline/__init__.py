"""Signals and acts in, applications out. Pure and total: a function of the set of facts, in any order."""
