"""Item models over plain lists of rows."""
