"""The catalogue of things sold and bought."""
