"""What can be seen while it runs. Imports nothing of ours."""
