"""The icon in the system tray, for the manager's PC."""
