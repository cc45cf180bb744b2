"""What every HTTP answer has in common."""
