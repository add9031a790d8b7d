"""The words of the field: pure values, no I/O, no vendor. Every other package speaks in these."""
