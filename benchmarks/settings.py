"""The site's own settings with the yardstick among its addresses."""

from kla.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
