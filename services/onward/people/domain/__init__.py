"""Who a contact is about, and what was known of them when it happened. Values in, values out."""
