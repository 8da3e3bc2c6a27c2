"""Claims with figures: scripted calls through the running product. Results name machine and versions."""
