"""What the screens do, without Qt: state, validation, requests to the core. Each talks to a small view protocol."""
