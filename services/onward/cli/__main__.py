"""`python -m onward.cli`: the command line where the `onward` script is not on the path."""

from onward.cli.main import main

if __name__ == "__main__":
    main()
