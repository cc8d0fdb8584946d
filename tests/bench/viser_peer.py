"""viser sending the positions of many things to all its clients, as a process of its own.

One batched mesh holds all things: its fastest way. Where they are is computed once before, so that
what is measured is the sending alone. It prints its port, and how many times a second it sent when
a line comes in.
"""

import sys
import threading
import time

import numpy as np
import viser

__all__ = ["main"]

RATE = 30.0  # Hz
BELT = 175.0  # m


def main(things: int) -> None:
    """Send positions of so many things until the standard input ends."""
    server = viser.ViserServer(host="127.0.0.1", port=0, verbose=False)
    start = np.zeros((things, 3), np.float32)
    start[:, 0] = np.linspace(0.0, BELT * 100, things, dtype=np.float32) % BELT
    start[:, 1] = 2.0 * (np.arange(things) // (things // 100))
    turns = np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (things, 1))
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    mesh = server.scene.add_batched_meshes_simple(
        "/things", corners, np.array([[0, 1, 2]]), turns, start, lod="off"
    )
    frames = [start + np.array([step / RATE, 0, 0], np.float32) for step in range(30)]
    print(f"port {server.get_port()}", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    due, sent = time.monotonic(), 0
    while not ended.is_set():
        mesh.batched_positions = frames[sent % len(frames)]
        server.flush()
        sent += 1
        due = max(due + 1 / RATE, time.monotonic() - 1 / RATE)
        time.sleep(max(0.0, due - time.monotonic()))
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
