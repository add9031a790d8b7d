"""The doors: how mail gets in. One Protocol; gmail, outlook (later), export."""
