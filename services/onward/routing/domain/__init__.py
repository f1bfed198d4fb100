"""The rule language, its engine, and the decision: values in, values out."""
