"""The control plane: booking, joining, watching."""
