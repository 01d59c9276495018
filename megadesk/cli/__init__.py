"""The command line: a contract that scripts rely on (README, "Command line")."""
