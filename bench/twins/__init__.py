"""How well bills that somebody else has entered are found among many that look like them."""
