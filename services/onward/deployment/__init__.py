"""
What a deployment is made of, as data: who may do what on Kafka and in PostgreSQL, and the manifests that say so.

Everything here follows from `schemas/topics/`, the directory and the one list of services, and nothing connects to
anything. `python -m onward.cli.generated` writes what `deploy/` holds of it.
"""
