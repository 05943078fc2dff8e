"""What pages, exports and home show of an application: words, rows and dates, ready for a template. Reads only."""
