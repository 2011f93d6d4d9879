"""WHO: people, companies, and what each may see."""
