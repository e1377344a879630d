"""What the interface tells and takes, field by field. English names; sentences and names as people wrote them."""
