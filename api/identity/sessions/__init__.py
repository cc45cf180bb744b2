"""Sessions: sign in, sign out, switch to another business."""
