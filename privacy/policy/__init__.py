"""The law as data and as small pure functions: nothing here reads or writes the database.

- ``rules``: how long each kind of record is kept, and under whose authority
- ``profiles``, ``calendars``, ``holidays``: the clock of an answer in each jurisdiction
- ``periods``: when a rule ends for one stay, one bill, one case
- ``grounds``, ``blockers``, ``cases``, ``deciding``: what happens to one record when its deletion is asked for
- ``answering``: restriction, objection, correction, copy and transfer, part by part
- ``evidence``: who has to show what before anything is said or done
- ``articles``, ``words``, ``refusals``: the sources and the sentences, in both languages

Not legal advice: every number is a default which a person confirms. What stands in the database goes before it.
"""
