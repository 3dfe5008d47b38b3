"""`gantry print`: print a file from the command line, over HTTP like any other client.

`outcome` is how it can end, `place` finds or starts the appliance, `remote` speaks with it,
`news` understands what it pushes, `display` shows it, `session` is the whole print.
"""
