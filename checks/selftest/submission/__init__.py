"""How do we know that a submission cannot hurt, hang or fool the grading side?"""
