"""Tests on one running Onward: a package, so that it ends with the last of them."""
