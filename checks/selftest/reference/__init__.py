"""Is the reference right, and do its cases show errors?"""
