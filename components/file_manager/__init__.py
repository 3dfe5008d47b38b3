"""The files: upload, list, move, what slicers wrote about them, a check before printing.

This module stays light: the analysis process imports the package.
"""
