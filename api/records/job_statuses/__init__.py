"""Statuses of jobs, named by the business."""
