"""Items that the business sells and buys."""
