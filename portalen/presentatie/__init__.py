"""What screens say: plain functions from domain objects to words and rows. No requests, no writing."""
