"""Where facts and projections are kept. Protocols in protocols.py; sqlite and dynamodb pass one contract suite."""
