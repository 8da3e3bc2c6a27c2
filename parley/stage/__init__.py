"""Scripted calls through the running product: demo, regression test and yardstick. Goes in by the front door only."""
