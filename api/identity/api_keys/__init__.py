"""Keys of programs that speak to the API for a business."""
