"""What a cell becomes in each field: one object per field cleans the cell and puts its value in the row's."""
