"""Is every face of a report what a person, a browser or a program reads?"""
