"""Tests of the product; they mirror its packages."""

import os

# Before numpy is imported: BLAS threads that spin make a sentence thirteen times slower on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
