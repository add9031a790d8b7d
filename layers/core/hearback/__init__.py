"""Hearback reads a job seeker's mail and keeps their applications up to date."""
