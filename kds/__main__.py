"""`python -m kds` is `kds`."""

from kds.app.cli import main

main()
