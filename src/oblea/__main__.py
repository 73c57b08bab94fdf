"""`python -m oblea`: the same as the command `oblea`."""

from .cli.main import main

if __name__ == "__main__":
    main()
