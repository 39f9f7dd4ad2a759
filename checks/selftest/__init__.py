"""How do we know that we would notice?"""
