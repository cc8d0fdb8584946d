"""The log: lines for people, or JSON objects for programs."""

import json
import logging
import sys
import time

__all__ = ["set_up"]


class _Json(logging.Formatter):
    """One JSON object a line; `extra={"fields": {...}}` of a record are fields of it."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + "Z",
            "level": record.levelname.lower(), "logger": record.name,
            "message": record.getMessage(),
        }  # fmt: skip
        fields: dict[str, object] = record.__dict__.get("fields", {})
        told |= {name: str(value) for name, value in fields.items()}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told)


def set_up(kind: str) -> None:
    """Write the log to the standard error.

    Args:
        kind: text or json.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(_Json() if kind == "json" else text)
    for name in ("twin", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "twin" else logging.WARNING)
