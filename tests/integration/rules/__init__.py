"""Tests on one running routing service: a package, so that it ends with the last of them."""
