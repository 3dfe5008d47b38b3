"""The commands of `gantry`: modules with ``add_arguments(parser)`` and ``run(options)``."""
