"""What stands against invoices that are approved and not sent, kept true as everything around them changes."""
