"""Klipper's G-code language on a Marlin: text in, Marlin lines, answers and verbs out.

Pure: nothing here talks to a printer. `translation.Translation` turns a script into steps;
`interpreter.Interpreter` of the component carries them out.
"""
