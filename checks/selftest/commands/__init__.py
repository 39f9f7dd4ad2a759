"""Do the commands and the pytest options do what is said of them?"""
