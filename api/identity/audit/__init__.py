"""The audit trail: recorded events of a business."""
