"""What both apps share in the admin."""
