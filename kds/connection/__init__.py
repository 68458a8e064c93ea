"""The link to the back end: signed in, supervised, and back by itself after every outage."""
