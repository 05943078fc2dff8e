"""The web server: sync workers, loaded once before they fork. Slow clients are nginx's business."""

import gc
import multiprocessing
import os
from pathlib import Path

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "sync"
workers = int(os.environ.get("WEB_WORKERS") or min(2 * multiprocessing.cpu_count(), 8))
preload_app = True
timeout = 30
graceful_timeout = 8
keepalive = 5
limit_request_line = 8190  # the most there is: a search stands in the address, nine bytes for each Chinese character
control_socket_disable = True  # it would be a file in the home directory
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a heartbeat that never waits for a disk


def when_ready(_server: object) -> None:
    """What is loaded now lives for ever: keep the collector's hands off it (it cost 0.3 s every few dozen requests)."""
    gc.collect()
    gc.freeze()
