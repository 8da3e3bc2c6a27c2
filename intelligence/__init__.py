"""Segments in, insights and nudges out. No input or output, no clock; models are handed in."""
