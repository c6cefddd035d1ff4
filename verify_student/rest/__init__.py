"""The browser's and the vendor's door; thin over services (contract §4)."""
