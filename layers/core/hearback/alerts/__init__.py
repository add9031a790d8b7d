"""What leaves an installation: live updates to open pages, signed webhooks. Ids only; receivers fetch what they may see."""
