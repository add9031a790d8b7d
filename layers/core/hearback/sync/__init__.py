"""Use cases, one module per arrow of the flow. They see Protocols only; wiring chooses what stands behind them."""
