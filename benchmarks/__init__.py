"""Claims with figures: scripted calls spoken through the running product. Results are committed with machine and versions."""
