"""Judging files of strangers. Pure and without Django: it runs in a child process with limits (see `kind`)."""
