"""How do we know that the benchmarks would notice?"""
