"""Rules of the reference check (design 05, part 5): names, texts, circles, rules and the questions. Pure."""
