"""`python -m bc_lib.cli` is `bcctl`."""

from bc_lib.cli.main import app

if __name__ == "__main__":
    app(prog_name="bcctl")
