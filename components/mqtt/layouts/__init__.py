"""The topics of other programs, for dashboards that were made for them."""
