"""The print engine: one process, one port, one printer, one job.

The ways of the data, all plain calls: `port` -> `lines` -> `replies` -> `window` and
`sender` -> `port`; what is learned on the way is folded into a `Snapshot` by `state` and
pushed to the appliance by `service` a few times a second.
"""
