"""Training of the second reading stage: what goes in (corpus/), the network, what is shipped (layers/model)."""
