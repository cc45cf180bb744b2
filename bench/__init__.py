"""Speed and size as ratios of one run: `python -m bench` prints JSON."""
