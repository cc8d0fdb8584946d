"""The endpoint for Foxglove and Lichtblick: a run over their own WebSocket protocol.

Needs the packages of the extra `foxglove`; `server.app` imports `client` only when somebody comes.
"""

__all__: list[str] = []
