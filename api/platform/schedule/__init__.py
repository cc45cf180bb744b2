"""When the tasks of a business are due again, as rows: an instant that passes while nothing runs is not lost."""
