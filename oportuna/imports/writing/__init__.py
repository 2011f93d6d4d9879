"""What rows register and change of the company's records, how they are written by the batch, and taken back."""
