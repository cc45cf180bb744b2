"""Where money is earned and spent."""
