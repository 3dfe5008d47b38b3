"""The components of the appliance, importable as ``appliance.components`` only.

The folder stands at the top of the repository and is linked into the package. Importing
it under a second name would make every class exist twice, so that is refused.
"""

if __name__ != "appliance.components":
    message = f"import appliance.components, not {__name__}: one module, one type"
    raise ImportError(message)
