"""What the tests of each rule show to matter, and which tests are missing."""
