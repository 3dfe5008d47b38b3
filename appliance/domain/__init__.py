"""What a printer, a job, a file and a user are: no I/O, no HTTP, no vendor."""
