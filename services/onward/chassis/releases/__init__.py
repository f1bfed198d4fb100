"""How a service follows the topic `rulesets`: written once for all that go by rules or by the directory."""
