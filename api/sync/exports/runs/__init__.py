"""The runs of exports."""
