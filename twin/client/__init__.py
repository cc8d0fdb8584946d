"""A client of a server in Python: `connect` for asyncio, `watch` for programs without it.

It holds a mirror of a run, which evaluates poses, states and figures at any tick from the stream
`twin.v1`, comes back when the connection breaks, and can hold the run in step with itself.
"""

from twin.client.client import Client, connect
from twin.client.errors import ClientError
from twin.client.mirror import Figures, Mirror, TimeMap
from twin.client.pack import Pack
from twin.client.watch import Watch, watch
from twin.client.wire import PROTOCOL, Frame, FrameError, FrameType, decode

__all__ = ["PROTOCOL", "Client", "ClientError", "Figures", "Frame", "FrameError", "FrameType"]
__all__ += ["Mirror", "Pack", "TimeMap", "Watch", "connect", "decode", "watch"]
