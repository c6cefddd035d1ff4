"""What a platform with plugins has put into its settings (contract vendors_admin_screens.md §7.2)."""
