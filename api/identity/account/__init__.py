"""The account of a user: the password, the e-mail address, and links that work once."""
