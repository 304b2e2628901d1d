"""Where files are kept: on disk (default) or in S3. Neither has a public address: files go through our views only."""
