"""A demonstration: three hotels, their people, and guests who do not exist. Always the same, told from today.

Documents begin with a region that no card carries, phones and addresses are of ranges kept for fiction where a
country keeps one.
"""
