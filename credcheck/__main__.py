"""`python -m credcheck`: the command line."""

import sys

from credcheck.cli import main

sys.exit(main())
