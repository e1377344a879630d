"""What people fill in. Forms check input and describe their layout; they save nothing."""
