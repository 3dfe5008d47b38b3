"""``/api/settings``: one tree for clients, and each branch where it is at home.

`preferences` is what clients keep for themselves (storage), `homes` what stands in the YAML
and changes what we do, `facts` what can only be read. What is in none of them does not
exist: it is ignored when sent, and never sent back.
"""
