"""The data sources of the stand-in.

reading.py puts a data source together: what it shows of a resource that it finds (known.py, matching.py, shown.py),
what is known of the data source (the files by topic), and made-up values for the rest.
"""
