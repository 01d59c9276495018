"""Credentials for S3, and the other settings of the AWS tools that say which store is meant.

Variables and files as in the AWS SDKs and Tools Reference Guide. Not supported: single sign-on, roles, programs and
instance metadata, each of which asks somebody else first; such tools can write a profile or set the variables.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from typing import Final

from megadesk.errors import StoreAccessError, StoreFault
from megadesk.stores.credentials import S3Credentials

_REMEDY: Final = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials and name the profile with "
    "AWS_PROFILE or profile= in the address."
)


class AwsSettings:
    """What the environment and the profile files say, read once."""

    def __init__(self, profile: str = "", environment: Mapping[str, str] | None = None) -> None:
        """StoreAccessError when a file is there and cannot be read, or lacks a profile that was asked for."""
        self._environment = os.environ if environment is None else environment
        asked = profile or self._environment.get("AWS_PROFILE", "")
        self._asked = profile
        name = asked or "default"
        credentials = self._read("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        config = self._read("AWS_CONFIG_FILE", "config")
        sections = [(credentials, name), (config, name if name == "default" else f"profile {name}")]
        found = [dict(file.items(section)) for file, section in sections if file.has_section(section)]
        if asked and not found:
            raise StoreAccessError(f"There is no AWS profile {asked!a}.", remedy=_REMEDY)
        self._profiles = found

    def _read(self, variable: str, name: str) -> configparser.RawConfigParser:
        path = os.path.expanduser(self._environment.get(variable) or os.path.join("~", ".aws", name))
        parser = configparser.RawConfigParser(strict=False, default_section="")
        try:
            with open(path, encoding="utf-8") as file:
                parser.read_file(file)
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise StoreAccessError(f"The AWS {name} file cannot be read: {error.strerror}.", remedy=_REMEDY) from error
        except (configparser.Error, UnicodeDecodeError):
            # Not chained: its message repeats the line, which may be the secret.
            raise StoreAccessError(f"The AWS {name} file is not of the form that it should have.") from None
        return parser

    def _setting(self, *variables: str, key: str) -> str:
        values = [self._environment.get(variable, "") for variable in variables]
        values += [profile.get(key, "") for profile in self._profiles]
        return next((value.strip() for value in values if value.strip()), "")

    @property
    def region(self) -> str:
        return self._setting("AWS_REGION", "AWS_DEFAULT_REGION", key="region")

    @property
    def endpoint(self) -> str:
        if self._environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
            return ""
        return self._setting("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", key="endpoint_url")

    @property
    def ca(self) -> str:
        return self._setting("AWS_CA_BUNDLE", key="ca_bundle")

    def credentials(self) -> S3Credentials:
        """From the variables, else the profile; a profile that the address names comes first. StoreAccessError."""
        variables = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        from_environment = {name.lower(): self._environment.get(name, "") for name in variables}
        candidates = [from_environment, *self._profiles]
        if self._asked:
            candidates = self._profiles
        for found in candidates:
            if found.get("aws_access_key_id") and found.get("aws_secret_access_key"):
                return S3Credentials(
                    found["aws_access_key_id"].strip(),
                    found["aws_secret_access_key"].strip(),
                    found.get("aws_session_token", "").strip(),
                )
        raise StoreAccessError(
            "There are no credentials for the S3 storage.", remedy=_REMEDY, fault=StoreFault.CREDENTIALS
        )
