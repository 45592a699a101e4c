"""`python -m bc_lib.cli` is `bcctl`."""

import signal

if __name__ == "__main__":
    # Until a command installs its own handlers Ctrl-C ends the process at once: Python's default raises an
    # exception in the middle of an import, where it can be lost in a finalizer, and the command would go on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    from bc_lib.cli.main import app

    app(prog_name="bcctl")
