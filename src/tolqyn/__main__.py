"""`python -m tolqyn` is the `tolqyn` command."""

from tolqyn.cli import main

if __name__ == "__main__":
    main()
