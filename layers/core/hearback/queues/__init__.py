"""Where tasks wait: one Protocol, sqlite and sqs, one contract suite."""
