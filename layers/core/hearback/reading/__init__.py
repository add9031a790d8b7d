"""One message in, one signal out. Pure: bytes and values in, values out; no I/O, no provider, no clock."""
