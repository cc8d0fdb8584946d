"""How the service is run: by a file, by the environment, by flags; the last of these wins."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from server.limits import Limits
from server.runs import MOST_RUNS
from server.uploads import MOST_UPLOADS
from twin.errors import CommandError

__all__ = ["Settings", "read_settings"]

Rate = Annotated[float, Field(gt=0, le=1e6)]
Count = Annotated[int, Field(ge=1, le=10**6)]


class Settings(BaseSettings):
    """All settings of a server; each is TWIN_NAME in the environment."""

    model_config = SettingsConfigDict(env_prefix="TWIN_", extra="forbid", allow_inf_nan=False)

    host: str = Field("127.0.0.1", description="address to listen at")
    port: int = Field(8000, ge=0, le=65535, description="0 is any free one")
    data: Path | None = Field(None, description="folder in which runs and the audit log are kept")
    scenes: Path | None = Field(None, description="folder of scenes that new runs may have")
    tokens: Path | None = Field(None, description="file of `twin token`")
    origins: tuple[str, ...] = Field((), description="other sites whose pages may connect")
    certfile: Path | None = Field(None, description="TLS certificate, PEM")
    keyfile: Path | None = Field(None, description="its key, PEM")
    log: Literal["text", "json"] = Field("text", description="how the log is written")
    traces: str = Field("", description="address of an OTLP collector, extra otel")
    runs: Count = Field(MOST_RUNS, description="runs at once")
    run_memory: float = Field(16.0, gt=0.5, le=4096, description="address space of a run, GiB")
    uploads: Count = Field(MOST_UPLOADS, description="scenes that may be uploaded")
    upload: Count = Field(Limits().upload >> 20, description="MiB of one of them")
    message_rate: Rate = Field(Limits().message_rate, description="messages a second of a socket")
    request_rate: Rate = Field(Limits().request_rate, description="requests a second of an address")
    sockets: Count = Field(Limits().sockets, description="open WebSockets")

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917 - as the base class has it
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before the environment before the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def limits(self) -> Limits:
        """What strangers may take."""
        return Limits(
            message_rate=self.message_rate,
            request_rate=self.request_rate,
            sockets=self.sockets,
            upload=self.upload << 20,
        )

    def tls(self) -> tuple[Path, Path] | None:
        """The certificate's file and its key's.

        Raises:
            CommandError: one is given without the other.
        """
        if self.certfile is None and self.keyfile is None:
            return None
        if self.certfile is None or self.keyfile is None:
            raise CommandError("TLS needs both a certfile and a keyfile; give the other one too")
        return self.certfile, self.keyfile


def read_settings(config: Path | None = None, **flags: Any) -> Settings:
    """The settings that hold.

    Args:
        config: TOML file; None: no file.
        flags: what was given on the command line; None: it was not.

    Raises:
        CommandError: the file can't be read, or a setting is wrong.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    if config is not None:
        try:
            config.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"can't read the settings {config}: {error}") from None

    class Held(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    try:
        return Held(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(each) for each in first["loc"])
        rule = f"setting {name}: {first['msg']}, got {first['input']!r:.80}"
        known = ", ".join(Settings.model_fields)
        raise CommandError(f"{rule}; settings are {known}") from None
    except ValueError as error:  # of TOML, or of JSON in the environment
        raise CommandError(f"the settings can't be read: {error}") from None
