"""The demo county, 株洲市天元区: real places and units, no persons; a year of cases, made by calling the acts.

`foundation` lays out the county, `cases` says what happens (cases.csv), `script` says how, `build` lets the year pass.
"""
