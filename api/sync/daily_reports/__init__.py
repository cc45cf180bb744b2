"""What a business learns each morning: approved invoices that were never sent, and the summary of the day before."""
