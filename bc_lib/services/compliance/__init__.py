"""What was drilled in a range of dates, with which result, and what never was; every request of it to sample from."""
