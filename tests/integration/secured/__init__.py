"""Tests on one `onward up --secure`: a package, so that it ends with the last of them."""
