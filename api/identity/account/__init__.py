"""The account of a user: the password, and links that set a new one."""
