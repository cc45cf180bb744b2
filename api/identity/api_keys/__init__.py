"""API keys: credentials of programs that call the API for a business."""
