"""What one request costs a server: CPU, rate and time of lists, views, counts, polls and of starting an export."""
