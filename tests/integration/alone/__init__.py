"""Tests that each start an Onward of their own, so that any process may have any of them."""
