"""``python -m parity``: the command, where its script is not on the path."""

from parity.cli.main import main

main()
