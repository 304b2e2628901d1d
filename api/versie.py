"""Version of the API: semver of the contract, not of the program. Changes are listed in docs/api.md."""

VERSIE = "1.1.0"
BASIS = "/api/v1"
