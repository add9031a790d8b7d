"""Whole mailboxes and threads of the corpus as signals, and what their fold should be."""
