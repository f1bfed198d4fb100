"""
How every Kafka client of the product is made: where the brokers are, and how a client proves who it is.

Read once from the environment (prefix `ONWARD_KAFKA_`), for services, commands and the local stack alike; no other
module makes a client, so that none forgets to encrypt.
"""

import inspect
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from pydantic import BeforeValidator, Field, FilePath, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from onward.chassis.errors import ConfigurationError
from onward.chassis.kafka import patches
from onward.chassis.kafka.tokens import CommandTokens, CredentialTokens
from onward.chassis.secret_settings import with_files

_KINDS: Final[tuple[type[Any], ...]] = (AIOKafkaProducer, AIOKafkaConsumer, AIOKafkaAdminClient, AIOKafkaClient)
_TAKES: Final = {kind: frozenset(inspect.signature(kind.__init__).parameters) - {"self", "loop"} for kind in _KINDS}
_OURS: Final = frozenset(
    {
        "topics", "bootstrap_servers", "client_id", "group_id", "acks", "enable_idempotence", "transactional_id",
        "transaction_timeout_ms", "isolation_level", "auto_offset_reset", "enable_auto_commit",
        "auto_commit_interval_ms", "key_serializer", "value_serializer", "key_deserializer", "value_deserializer",
        "partitioner", "partition_assignment_strategy", "session_timeout_ms", "heartbeat_interval_ms",
        "rebalance_timeout_ms", "request_timeout_ms", "ssl_context", "security_protocol", "sasl_mechanism",
        "sasl_plain_username", "sasl_plain_password", "sasl_oauth_token_provider",
    }
)  # fmt: skip
"""What exactly-once and keys in order rest on, or what a variable of its own sets."""


@dataclass(frozen=True)
class KafkaConnection:
    """Where the brokers are and what every client has in common; makes the clients."""

    bootstrap: str
    """`host:port`, or several with commas between."""
    security: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    """Of the client library: protocol, TLS context, SASL."""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further ones; each kind of client takes those that it knows."""

    @staticmethod
    def of_environment(bootstrap: str) -> "KafkaConnection":
        """
        To the brokers at *bootstrap*, in the way that the environment says.

        Raises:
            ConfigurationError: A variable cannot be used; says which, and why.
        """
        try:
            return KafkaSettings(kafka_bootstrap=bootstrap).kafka
        except ValidationError as error:
            raise ConfigurationError("; ".join(unusable(error))) from None

    def producer(self, **more: Any) -> AIOKafkaProducer:
        """A producer, not yet started."""
        return AIOKafkaProducer(**self.options_for(AIOKafkaProducer, more))

    def consumer(self, *topics: str, **more: Any) -> AIOKafkaConsumer:
        """A consumer, not yet started."""
        return AIOKafkaConsumer(*topics, **self.options_for(AIOKafkaConsumer, more))

    def admin(self, **more: Any) -> AIOKafkaAdminClient:
        """An administrator's client, not yet started."""
        return AIOKafkaAdminClient(**self.options_for(AIOKafkaAdminClient, more))

    def client(self, **more: Any) -> AIOKafkaClient:
        """A bare connection to the cluster, not yet bootstrapped."""
        return AIOKafkaClient(**self.options_for(AIOKafkaClient, more))

    def options_for(self, kind: type[Any], more: Mapping[str, Any]) -> dict[str, Any]:
        """
        What a client of *kind* is made with; *more* is what the caller needs of this one.

        Raises:
            ConfigurationError: The client library is another than the patches were written for.
        """
        patches.install()
        further = {name: value for name, value in self.options.items() if name in _TAKES[kind]}
        return {"bootstrap_servers": self.bootstrap, **further, **more, **self.security}


_WANTED: Final[Mapping[type[Any], str]] = {
    int: "a whole number",
    bool: "true or false",
    str: "a text",
    float: "a number",
}


def _kind_of(option: str) -> type[Any] | None:
    """What a further option must be, as far as its usual value says."""
    for kind in _KINDS:
        if option in _TAKES[kind]:
            found = type(inspect.signature(kind.__init__).parameters[option].default)
            return found if found in _WANTED else None
    return None


def _from_json(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError('must be a JSON object, such as {"connections_max_idle_ms": 60000}') from None


class KafkaSettings(BaseSettings):
    """Where Kafka is and how a client proves who it is; prefix `ONWARD_`. Part of every service's settings."""

    model_config = SettingsConfigDict(env_prefix="ONWARD_", frozen=True, extra="ignore", hide_input_in_errors=True)

    kafka_bootstrap: str = Field(min_length=1)
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca_file: FilePath | None = None
    """PEM. Without it the machine's own certificate authorities are trusted."""
    kafka_certificate_file: FilePath | None = None
    kafka_key_file: FilePath | None = None
    kafka_key_password: SecretStr | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_token_command: str | None = None
    """A program and its arguments; it prints a token. Not run by a shell."""
    kafka_token_url: HttpUrl | None = None
    """The token endpoint of an OpenID provider, asked by the client-credentials grant (RFC 6749, 4.4)."""
    kafka_token_client_id: str | None = None
    kafka_token_client_secret: SecretStr | None = None
    kafka_token_scope: str | None = None
    kafka_options: Annotated[dict[str, Any], NoDecode, BeforeValidator(_from_json)] = Field(
        default_factory=dict[str, Any]
    )
    """JSON: further options of the client library, by its names, such as `{"connections_max_idle_ms": 60000}`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as its base
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as its base
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A secret may stand in a file that `ONWARD_…_FILE` names."""
        return with_files(settings_cls, init_settings, env_settings)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        fault = self._fault_of_encryption() or self._fault_of_login() or self._fault_of_options()
        if fault:
            raise ValueError(fault)
        return self

    def _fault_of_encryption(self) -> str:
        files = ("kafka_ca_file", "kafka_certificate_file", "kafka_key_file")
        given = [f"ONWARD_{name.upper()}" for name in files if getattr(self, name) is not None]
        if given and self.kafka_security_protocol not in ("SSL", "SASL_SSL"):
            return f"{given[0]} is only for ONWARD_KAFKA_SECURITY_PROTOCOL SSL or SASL_SSL"
        if (self.kafka_certificate_file is None) != (self.kafka_key_file is None):
            return "ONWARD_KAFKA_CERTIFICATE_FILE and ONWARD_KAFKA_KEY_FILE belong together: set both or neither"
        return ""

    def _fault_of_login(self) -> str:
        mechanism = self.kafka_sasl_mechanism
        if self.kafka_security_protocol.startswith("SASL_") != (mechanism is not None):
            return (
                "ONWARD_KAFKA_SASL_MECHANISM belongs to ONWARD_KAFKA_SECURITY_PROTOCOL SASL_SSL or SASL_PLAINTEXT: "
                "set both or neither"
            )
        if mechanism == "OAUTHBEARER":
            return self._fault_of_tokens()
        if mechanism is not None and not (self.kafka_sasl_username and self.kafka_sasl_password):
            return f"{mechanism} needs ONWARD_KAFKA_SASL_USERNAME and ONWARD_KAFKA_SASL_PASSWORD"
        return ""

    def _fault_of_tokens(self) -> str:
        if (self.kafka_token_command is None) == (self.kafka_token_url is None):
            return "OAUTHBEARER needs ONWARD_KAFKA_TOKEN_COMMAND or ONWARD_KAFKA_TOKEN_URL, and not both"
        client = self.kafka_token_client_id and self.kafka_token_client_secret
        if self.kafka_token_url is not None and not client:
            return "ONWARD_KAFKA_TOKEN_URL needs ONWARD_KAFKA_TOKEN_CLIENT_ID and ONWARD_KAFKA_TOKEN_CLIENT_SECRET"
        return ""

    def _fault_of_options(self) -> str:
        known = frozenset[str]().union(*_TAKES.values())
        for name in sorted(self.kafka_options):
            if name in _OURS:
                return f"ONWARD_KAFKA_OPTIONS must not set {name}: the product depends on it, or a variable sets it"
            if name not in known:
                return f"ONWARD_KAFKA_OPTIONS: the client library has no option {name}"
            if (wanted := _kind_of(name)) is not None and type(self.kafka_options[name]) is not wanted:
                return f"ONWARD_KAFKA_OPTIONS: {name} must be {_WANTED[wanted]}"
        return ""

    @cached_property
    def kafka(self) -> KafkaConnection:
        """
        What makes the clients.

        Raises:
            ConfigurationError: A certificate, key or authority cannot be read; says which.
        """
        return KafkaConnection(self.kafka_bootstrap, self._security(), self.kafka_options)

    def _security(self) -> dict[str, Any]:
        protocol, mechanism = self.kafka_security_protocol, self.kafka_sasl_mechanism
        security: dict[str, Any] = {"security_protocol": protocol} if protocol != "PLAINTEXT" else {}
        if protocol in ("SSL", "SASL_SSL"):
            password = self.kafka_key_password.get_secret_value() if self.kafka_key_password else None
            security["ssl_context"] = tls(
                self.kafka_ca_file, self.kafka_certificate_file, self.kafka_key_file, password
            )
        if mechanism is not None:
            security["sasl_mechanism"] = mechanism
        if self.kafka_token_command is not None:
            security["sasl_oauth_token_provider"] = CommandTokens(self.kafka_token_command)
        elif self.kafka_token_url is not None:
            security["sasl_oauth_token_provider"] = CredentialTokens(
                str(self.kafka_token_url),
                client_id=self.kafka_token_client_id or "",
                client_secret=self.kafka_token_client_secret or SecretStr(""),
                scope=self.kafka_token_scope,
            )
        elif self.kafka_sasl_password is not None:
            security["sasl_plain_username"] = self.kafka_sasl_username
            security["sasl_plain_password"] = self.kafka_sasl_password.get_secret_value()
        return security


def unusable(error: ValidationError) -> list[str]:
    """Which variables cannot be used and why, a line each, without their values."""
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    said = [(fault["loc"], fault["msg"].removeprefix("Value error, ")) for fault in faults]
    # What concerns several variables names them itself.
    return [f"ONWARD_{'_'.join(map(str, place)).upper()}: {why}" if place else why for place, why in said]


def tls(ca: Path | None, certificate: Path | None, key: Path | None, password: str | None) -> ssl.SSLContext:
    """
    A context for TLS 1.2 or later that verifies the broker's certificate and host name.

    Raises:
        ConfigurationError: A file holds nothing that can be used; names it, and its variable.
    """
    context = ssl.create_default_context() if ca is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca is not None:
        try:
            context.load_verify_locations(ca)
        except (ssl.SSLError, OSError):
            raise ConfigurationError(f"ONWARD_KAFKA_CA_FILE: {ca} holds no certificate in PEM form") from None
    if certificate is not None:
        try:
            # Without a password the library would ask for one at the terminal.
            context.load_cert_chain(certificate, key, password=password or "")
        except (ssl.SSLError, OSError):
            raise ConfigurationError(
                f"ONWARD_KAFKA_CERTIFICATE_FILE, ONWARD_KAFKA_KEY_FILE: {certificate} and {key} are no certificate and "
                "its key in PEM form, or ONWARD_KAFKA_KEY_PASSWORD is not the key's"
            ) from None
    return context
