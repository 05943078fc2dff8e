"""The living page of all components (/styleguide/, in debug mode only)."""
