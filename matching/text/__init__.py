"""From free text to terms."""
