"""What may be done with instruments; one kind of deed a file."""

from clusters.services.loading import load_instrument, spec_of

__all__ = ["load_instrument", "spec_of"]
