"""Reading the files of a historical round: pure, from bytes to checked rows and a list of errors."""
