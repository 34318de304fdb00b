"""People who sign in, API clients with keys, and what each may do."""
