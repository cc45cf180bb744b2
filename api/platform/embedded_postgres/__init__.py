"""Engines that run inside the product when the operator brings none: PostgreSQL on a private socket."""
