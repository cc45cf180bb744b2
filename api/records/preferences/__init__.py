"""How this business wants its accounting done."""
