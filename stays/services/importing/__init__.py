"""Lists brought from another system: bookings, guests and rooms out of a CSV or XLSX file.

A file is sealed as it arrives, read, shown row by row with what is wrong in
words, and only then written, through the same services as a clerk's booking.
"""
